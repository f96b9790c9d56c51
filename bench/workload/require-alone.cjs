// Owns the loading of a bundle as CommonJS, as Lambda does it: where it lies says nothing of its format, and no loader changes it.
const { readFileSync } = require('node:fs');
const Module = require('node:module');

exports.requireAlone = (file) => {
  const loaded = new Module(file);
  loaded.filename = file;
  loaded._compile(readFileSync(file, 'utf8'), file);
  return loaded.exports;
};
