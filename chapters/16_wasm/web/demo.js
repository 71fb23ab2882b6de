// What both pages share: the book's theme, and the files that a page loads, checked by their sizes.

const theme = localStorage.getItem("mdbook-theme");
const system = matchMedia("(prefers-color-scheme: dark)").matches;
const dark = theme && theme !== "auto" ? ["navy", "coal", "ayu"].includes(theme) : system;
document.documentElement.classList.toggle("dark", dark);

/** The list of a page's files: `{name: {bytes, sum}}`. */
export async function manifest() {
  const answer = await fetch("manifest.json", { cache: "no-cache" });
  if (!answer.ok) throw new Error(`manifest.json: the server says ${answer.status}`);
  return answer.json();
}
