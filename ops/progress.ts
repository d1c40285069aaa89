const TICK_SECONDS = 10;

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(0)} s`;
}

/**
 * Runs a step that may take long and tells of it on stderr: what it is about every ten seconds, and how long it took.
 * A step of under two seconds is not mentioned.
 *
 * @param title what the step does, for example `baking the base image`
 * @param step is given a function that names what it is about at the moment
 */
export async function withProgress<T>(
  title: string,
  step: (report: (text: string) => void) => Promise<T>,
): Promise<T> {
  const started = Date.now();
  let current = "";
  const line = (): string => (current === "" ? title : `${title}: ${current}`);
  const tick = setInterval(() => {
    process.stderr.write(`${line()} … ${seconds(started)}\n`);
  }, TICK_SECONDS * 1000);
  try {
    const result = await step((text) => {
      if (text !== current) {
        current = text;
        process.stderr.write(`${line()} … ${seconds(started)}\n`);
      }
    });
    if (Date.now() - started > 2000) {
      process.stderr.write(`${title}: done in ${seconds(started)}\n`);
    }
    return result;
  } finally {
    clearInterval(tick);
  }
}
