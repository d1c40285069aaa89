/** Prints a line beside a test's name. */
export function say(text: string): void {
  process.stderr.write(`      ${text}\n`);
}
