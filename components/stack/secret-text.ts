import { deriveBytes } from "../lib/derive";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BLOCK_BYTES = 64;
/** Bytes from here on would make the first letters of the alphabet likelier than the others. */
const LIMIT = 256 - (256 % ALPHABET.length);

/** Which secret of which app. */
export interface SecretPurpose {
  /** Name of the stack in the swarm. */
  stack: string;
  /** The secret's key in the compose file. */
  key: string;
  /** Raised to have another content. */
  generation: number;
  /** Letters and digits of it. */
  length: number;
}

/**
 * The content of an app's secret: letters and digits that follow from the seed, so that a stack whose state is lost comes
 * back with the contents that its apps were set up with. Any other purpose is an independent text.
 *
 * @param seed secret text, at least 43 random letters and digits (256 bits)
 */
export function secretText(
  seed: string,
  { stack, key, generation, length }: SecretPurpose,
): string {
  let text = "";
  for (let block = 0; text.length < length; block += 1) {
    const purpose = JSON.stringify(["app-secret", stack, key, generation, length, block]);
    const bytes = deriveBytes(seed, purpose, BLOCK_BYTES);
    for (const byte of bytes) {
      text += byte < LIMIT ? (ALPHABET[byte % ALPHABET.length] ?? "") : "";
    }
  }
  return text.slice(0, length);
}
