import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import fc from "fast-check";
import { authorityKey, authorityName } from "../../../../components/traefik/local-authority";

const SEED = "0123456789abcdef".repeat(4);

test("the authority's key is of P-256, and signs what its public key verifies", () => {
  const { privateKey, publicKey } = authorityKey(SEED);
  const key = createPrivateKey(privateKey);
  expect(key.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
  const signature = sign("sha256", Buffer.from("text"), key);
  expect(verify("sha256", Buffer.from("text"), createPublicKey(publicKey), signature)).toBe(true);
});

test("the key of a seed never changes: people trust the authority that was made of it", () => {
  expect(authorityKey(SEED).publicKey).toBe(
    `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAESTvnKzCvQQTWpIHoCGBzeTEUpcji
oZ51dEzXvMuA1z4idHoqNSRgYt8nh8hSUjpyODDW6yzO2DHuZommu9UYsA==
-----END PUBLIC KEY-----
`,
  );
});

test("another seed is another key", () => {
  const hex = fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Buffer.from(bytes).toString("hex"));
  fc.assert(
    fc.property(hex, hex, (seed, other) => {
      const { publicKey } = authorityKey(seed);
      expect(authorityKey(seed).publicKey).toBe(publicKey);
      expect(authorityKey(other).publicKey === publicKey).toBe(other === seed);
    }),
    { numRuns: 20 },
  );
});

test("an authority has the name of its environment, as far as a certificate can hold it", () => {
  expect(authorityName("dev")).toBe("swarmstead-dev");
  expect(authorityName("x".repeat(64))).toHaveLength(64);
});
