import fc from "fast-check";
import { type SecretPurpose, secretText } from "../../../../components/stack/secret-text";

const SEED = "0123456789abcdef".repeat(4);
const TOKEN: SecretPurpose = { stack: "vault", key: "token", generation: 1, length: 40 };

test("a content never changes: apps were set up with it", () => {
  expect(secretText(SEED, TOKEN)).toBe("mns44ZVG0sLkxWkZzOD5kB03MGKHvh6aozrHbkTO");
});

test("it has the wanted length, of letters and digits alone", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 16, max: 1024 }),
      fc.string({ minLength: 43 }),
      (length, seed) => {
        expect(secretText(seed, { ...TOKEN, length })).toMatch(
          new RegExp(`^[A-Za-z0-9]{${String(length)}}$`),
        );
      },
    ),
    { numRuns: 30 },
  );
});

test.each([
  ["stack", { stack: "vaul", key: "ttoken" }],
  ["key", { key: "password" }],
  ["generation", { generation: 2 }],
])("another %s is another content", (_, change) => {
  expect(secretText(SEED, { ...TOKEN, ...change })).not.toBe(secretText(SEED, TOKEN));
});

test("another length is no piece of the same content", () => {
  const longer = secretText(SEED, { ...TOKEN, length: 64 });
  expect(longer).not.toContain(secretText(SEED, TOKEN).slice(0, 16));
});

test("another seed is another content", () => {
  expect(secretText(`${SEED}x`, TOKEN)).not.toBe(secretText(SEED, TOKEN));
});

test("no letter is likelier than another", () => {
  const counts = new Map<string, number>();
  for (let generation = 1; generation <= 62; generation += 1) {
    for (const letter of secretText(SEED, { ...TOKEN, generation, length: 1000 })) {
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
  }
  expect(counts.size).toBe(62);
  // A thousand of each is expected, 31 the standard deviation; with bytes taken as they come, eight letters had 1200.
  for (const count of counts.values()) {
    expect(Math.abs(count - 1000)).toBeLessThan(160);
  }
});
