import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { read } from "./wordpress-client";

/** How long a page may be away while its database moves, which on emulated processors starts slowly. */
const AWAY_SECONDS = 240;

/** How long a page must have been there again. */
const STEADY_SECONDS = 20;

/**
 * Asks for a page on and on while something is done, until it has been there for a while after that; the longest time
 * between two answers, in seconds.
 */
export async function awayDuring(
  url: string,
  words: string,
  act: () => Promise<unknown>,
): Promise<number> {
  let ended = Number.POSITIVE_INFINITY;
  const acting = act().finally(() => {
    ended = Date.now();
  });
  // Told of at the end.
  acting.catch(() => undefined);
  let last = Date.now();
  let longest = 0;
  while (last < ended + STEADY_SECONDS * 1000) {
    const isThere = await read(url).then(
      (said) => said.includes(words),
      () => false,
    );
    longest = Math.max(longest, Date.now() - last);
    last = isThere ? Date.now() : last;
    assert.ok(longest < AWAY_SECONDS * 1000, `${url}: away for ${String(AWAY_SECONDS)} s`);
    await sleep(500);
  }
  await acting;
  return longest / 1000;
}

/** Waits until a page says something on every machine; the seconds that took. */
export async function readEverywhere(
  addresses: readonly string[],
  path: string,
  words: string,
): Promise<number> {
  const started = Date.now();
  const seconds = (): number => (Date.now() - started) / 1000;
  for (const address of addresses) {
    let said = "";
    while (!said.includes(words)) {
      assert.ok(seconds() < AWAY_SECONDS, `${address}${path}: ${said.slice(0, 300)}`);
      said = await read(`http://${address}${path}`).catch(String);
      await sleep(said.includes(words) ? 0 : 1000);
    }
  }
  return seconds();
}
