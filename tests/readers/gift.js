// Reads a GIFT file with the grammar of gift-pegjs, and prints its questions as JSON.
// `node gift.js FILE`, in the folder where the package is installed.

const { readFileSync } = require("node:fs");
const { parse } = require("gift-pegjs");

process.stdout.write(JSON.stringify(parse(readFileSync(process.argv[2], "utf8"))));
