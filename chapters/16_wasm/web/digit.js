// A drawing, by pointer or by keyboard, and what the network in the module makes of it after each stroke.

import "./demo.js";
import init, { DigitReader } from "./pkg/digits/rust_ai_wasm.js";

const STEP = 10; // pixels that an arrow key moves the pen
const canvas = document.getElementById("drawing");
const status = document.getElementById("status");
const clear = document.getElementById("clear");
const paper = canvas.getContext("2d", { willReadFrequently: true });
const pen = { x: canvas.width / 2, y: 60, down: false };
let reader = null;
let rows = [];

function strokeTo(x, y) {
  // Only how opaque a pixel is counts as ink; the colour is for the eye, in both themes.
  paper.strokeStyle = paper.fillStyle = getComputedStyle(canvas).color;
  paper.lineWidth = 22;
  paper.lineCap = paper.lineJoin = "round";
  paper.beginPath();
  paper.moveTo(pen.x, pen.y);
  paper.lineTo(x, y);
  paper.stroke();
  pen.x = x;
  pen.y = y;
}

function read() {
  const { data, width } = paper.getImageData(0, 0, canvas.width, canvas.height);
  const ink = new Uint8Array(data.length / 4);
  for (let at = 0; at < ink.length; at++) ink[at] = data[4 * at + 3];
  show(reader.read(ink, width));
}

function show(shares) {
  const best = shares.length ? shares.indexOf(Math.max(...shares)) : -1;
  rows.forEach(({ row, meter, cell }, digit) => {
    const share = shares.length ? shares[digit] : 0;
    meter.value = share;
    cell.textContent = (100 * share).toFixed(1);
    row.classList.toggle("best", digit === best);
  });
  status.textContent =
    best < 0 ? "Ready: draw a digit." : `This looks like a ${best}, ${(100 * shares[best]).toFixed(0)} per cent sure.`;
}

function place(event) {
  const box = canvas.getBoundingClientRect();
  const scale = canvas.width / box.width;
  return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
}

canvas.addEventListener("pointerdown", (event) => {
  if (!reader) return;
  canvas.setPointerCapture(event.pointerId);
  [pen.x, pen.y] = place(event);
  strokeTo(pen.x, pen.y);
});
canvas.addEventListener("pointermove", (event) => {
  if (reader && event.buttons) strokeTo(...place(event));
});
canvas.addEventListener("pointerup", () => reader && read());

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
canvas.addEventListener("keydown", (event) => {
  if (!reader) return;
  const arrow = ARROWS[event.key];
  if (arrow) {
    const within = (value) => Math.min(Math.max(value, 12), canvas.width - 12);
    const [x, y] = [within(pen.x + STEP * arrow[0]), within(pen.y + STEP * arrow[1])];
    if (pen.down) {
      strokeTo(x, y);
      read();
    } else {
      [pen.x, pen.y] = [x, y];
      status.textContent = `Pen up, ${Math.round(x / 2.8)} per cent across, ${Math.round(y / 2.8)} down.`;
    }
  } else if (event.key === " ") {
    pen.down = !pen.down;
    if (pen.down) strokeTo(pen.x, pen.y);
    status.textContent = pen.down ? "Pen down." : "Pen up.";
    if (!pen.down) read();
  } else if (event.key === "Delete" || event.key === "Backspace") {
    wipe();
  } else {
    return;
  }
  event.preventDefault();
});

function wipe() {
  paper.clearRect(0, 0, canvas.width, canvas.height);
  pen.down = false;
  show([]);
}
clear.addEventListener("click", wipe);

try {
  await init();
  const answer = await fetch("data/digits.safetensors");
  if (!answer.ok) throw new Error(`data/digits.safetensors: the server says ${answer.status}`);
  reader = new DigitReader(new Uint8Array(await answer.arrayBuffer()));
  rows = Array.from({ length: 10 }, (_, digit) => {
    const row = document.getElementById("shares").insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = digit;
    const meter = document.createElement("meter");
    meter.setAttribute("aria-label", `Share of ${digit}`);
    row.append(head);
    row.insertCell().append(meter);
    return { row, meter, cell: row.insertCell() };
  });
  clear.disabled = false;
  show([]);
} catch (error) {
  status.textContent = `This page could not start: ${error.message}`;
  throw error;
}
