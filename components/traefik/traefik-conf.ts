import { stringify } from "yaml";

/** Host folder of what Traefik reads and takes over while it runs; every file in it counts. */
export const DYNAMIC_FOLDER = "/etc/swarmstead/entry/traefik.d";
/** The program's own file in it. */
export const DYNAMIC_CONF = `${DYNAMIC_FOLDER}/swarmstead.yaml`;

/** Host folder of the certificates. */
export const CERTIFICATES = "/etc/swarmstead/certificates";

/** Two years, as Mozilla's profiles and the grade A+ of SSL Labs ask for. */
const HSTS_SECONDS = 63_072_000;

/**
 * How often a request is given to a service's replicas, the first time counted. Only what no replica has seen yet is given to
 * another (pkg/middlewares/retry/retry.go: never again once a header was written), so nothing is done twice, a POST
 * neither. Replicas are taken in turn, hence at once and without a pause: a pause lets other requests have that turn.
 */
const ATTEMPTS = 4;

/**
 * What TLS is spoken: Mozilla's profile "intermediate", as far as Go has it, with the key exchange that browsers prefer.
 *
 * @see https://ssl-config.mozilla.org/guidelines/5.7.json
 */
const TLS_OPTIONS = {
  minVersion: "VersionTLS12",
  // Of TLS 1.2; those of 1.3 are all in the profile.
  cipherSuites: [
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
  ],
  curvePreferences: ["X25519MLKEM768", "X25519", "CurveP256", "CurveP384"],
  alpnProtocols: ["h2", "http/1.1"],
  // Who asks for a name that is not served here gets no certificate of another.
  sniStrict: true,
};

/**
 * What Traefik takes over while it runs: TLS, what holds for every route, the certificate.
 *
 * @param hosts names that the certificate is for; without any there is none
 */
export function renderDynamicConf(hosts: readonly string[]): string {
  const leaf = { certFile: `${CERTIFICATES}/leaf.pem`, keyFile: `${CERTIFICATES}/leaf.key` };
  const conf = {
    http: {
      middlewares: {
        hsts: { headers: { stsSeconds: HSTS_SECONDS } },
        retry: { retry: { attempts: ATTEMPTS } },
      },
    },
    tls: {
      options: { default: TLS_OPTIONS },
      // As the default, too, though never shown: without one Traefik makes an RSA key each time that a route changes.
      ...(hosts.length > 0
        ? { certificates: [leaf], stores: { default: { defaultCertificate: leaf } } }
        : {}),
    },
  };
  return `# Written by swarmstead; more files may lie beside it.\n${stringify(conf)}`;
}
