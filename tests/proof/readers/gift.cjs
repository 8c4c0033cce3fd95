// What gift-pegjs reads in a file of GIFT, as JSON.
const { readFileSync, writeFileSync } = require("node:fs");
const { parse } = require("gift-pegjs");
const [, , source, target] = process.argv;
writeFileSync(target, JSON.stringify(parse(readFileSync(source, "utf8"))));
