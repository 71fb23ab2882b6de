// What mdBook's pages lack for those who read them with the keyboard or by ear.
"use strict";

(() => {
    // The button for the table of contents is a label, which the keyboard does not reach.
    const toggle = document.getElementById("mdbook-sidebar-toggle");
    if (toggle) {
        toggle.setAttribute("role", "button");
        toggle.tabIndex = 0;
        toggle.addEventListener("keydown", event => {
            if (event.key === "Enter" || event.key === " ") {
                event.preventDefault();
                toggle.click();
            }
        });
    }
    // Two themes are offered, whose colours are tested; whoever chose another in another book gets the nearest.
    for (const [name, nearest] of [["rust", "light"], ["coal", "navy"], ["ayu", "navy"]]) {
        if (document.documentElement.classList.contains(name)) {
            document.getElementById(`mdbook-theme-${nearest}`)?.click();
        }
        document.getElementById(`mdbook-theme-${name}`)?.parentElement.remove();
    }
    document.getElementById("mdbook-menu-bar")?.setAttribute("role", "banner");
    document.getElementById("mdbook-searchbar")?.setAttribute("aria-label", "Search this book");

    // Past some fifty links, into the page.
    const main = document.querySelector("main");
    if (main) {
        main.id = main.id || "page";
        main.tabIndex = -1;
        const skip = document.createElement("a");
        skip.className = "skip";
        skip.href = `#${main.id}`;
        skip.textContent = "Skip to the page";
        document.body.prepend(skip);
    }

    // What is too wide is moved with the arrow keys once it has the focus.
    const reachable = () => {
        for (const box of document.querySelectorAll("main pre > code, main pre.line-numbers, main .table-wrapper")) {
            if (box.scrollWidth > box.clientWidth) {
                box.tabIndex = 0;
                box.setAttribute("role", "group");
                box.setAttribute("aria-label", box.matches(".table-wrapper") ? "Table" : "Code");
            } else if (box.getAttribute("role") === "group") {
                box.removeAttribute("tabindex");
                box.removeAttribute("role");
                box.removeAttribute("aria-label");
            }
        }
    };
    let waiting = 0;
    const later = () => {
        clearTimeout(waiting);
        waiting = setTimeout(reachable, 100);
    };
    reachable();
    addEventListener("resize", later);
    addEventListener("toggle", later, true);
    for (const quiz of document.querySelectorAll(".quiz-placeholder")) {
        new MutationObserver(later).observe(quiz, { childList: true, subtree: true });
    }
    document.fonts?.ready.then(reachable);
})();
