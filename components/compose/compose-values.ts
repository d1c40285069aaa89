import { z } from "zod";

// What `docker stack deploy` accepts, as the compose v3.13 schema of docker/cli says it. Messages are "rule; cure".

/** A map of which every key is known; the keys are told where another stands there. */
export function section<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: `must be a map; there are ${Object.keys(shape).join(", ")}`,
  });
}

/** A map by names that the file chooses itself. */
export function byName<Value extends z.ZodType>(
  of: string,
  value: Value,
): z.ZodRecord<z.ZodString, Value> {
  return z.record(z.string(), value, { error: `must be a map of ${of} by name` });
}

/** Text; a number or true has to stand in quotes. */
export const Text = z.string({ error: "must be text; put numbers, true and false into quotes" });

/** A whole number, from 0. */
export const Count = z.int({ error: "must be a whole number, without quotes" }).min(0, {
  error: "must be a whole number from 0",
});

/** A number. */
export const Quantity = z.number({ error: "must be a number, without quotes" });

/** true or false. */
export const Flag = z.boolean({ error: "must be true or false, without quotes" });

/** A list of texts. */
export const Texts = z.array(Text, { error: "must be a list" });

/** A text, or a list of them. */
export const TextOrList = z.union([Text, Texts], { error: "must be text or a list" });

/** A command line: one text, or a list of words. */
export const Words = z.union([Text, Texts], { error: "must be text or a list of words" });

const Scalar = z.union([z.string(), z.number(), z.null()], {
  error: "must be text, a number or nothing; put true and false into quotes",
});

/** A map of names to values, or a list of `name=value`. */
export const Pairs = z.union([z.record(z.string(), Scalar, { error: "must be a map" }), Texts], {
  error: "must be a map of names to values, or a list of name=value",
});

/** Options of a driver. */
export const Options = z.record(z.string(), Scalar, { error: "must be a map of options" });

const DURATION = "must be a duration; for example 30s or 1m30s";

/** A duration as Go writes it. */
export const Duration = z
  .string({ error: DURATION })
  .regex(/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/, { error: DURATION });

const SIZE = "must be a size in quotes or with its unit; for example 64M";

/** A size in memory. */
export const Size = z
  .string({ error: SIZE })
  .regex(/^\d+(?:\.\d+)? ?[kmgtp]?i?b?$/i, { error: SIZE });

const CPUS = 'must be a number of CPUs in quotes; for example "0.5"';

/** A part of CPUs. */
export const Cpus = z.string({ error: CPUS }).regex(/^\d*\.?\d+$/, { error: CPUS });

/** One of some words. */
export function oneOf(...words: readonly string[]): z.ZodEnum {
  return z.enum(words, { error: `must be ${words.join(" or ")}` });
}

const IMAGE = "must be an image's name; for example nginx:1.29 or registry.example.com/team/app:2";

/** An image's name as a registry knows it: small letters, and a tag or a digest. */
export const Image = z
  .string({ error: IMAGE })
  .regex(
    /^(?:[\w.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/,
    { error: IMAGE },
  );
