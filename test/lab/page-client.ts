import * as http from "node:http";
import * as https from "node:https";

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
}

export interface Question {
  /** @default GET */
  method?: "GET" | "POST";
  /** @default none */
  headers?: Readonly<Record<string, string>>;
  /** @default none */
  body?: string;
  /** The name that is asked for, where the URL has the address of a port that leads there; by SNI, too. @default the URL's */
  host?: string;
  /** @default 60 */
  limitSeconds?: number;
}

/** One request by a connection of its own, so that the mesh chooses a replica for each. No certificate is verified. */
export function ask(
  url: string,
  { method = "GET", headers = {}, body, host, limitSeconds = 60 }: Question = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const named = host === undefined ? {} : { host };
    const timeout = limitSeconds * 1000;
    const plain = { method, headers: { ...headers, ...named }, agent: false, timeout } as const;
    const take = (answer: http.IncomingMessage): void => {
      let text = "";
      answer.setEncoding("utf8").on("data", (data: string) => {
        text += data;
      });
      answer.on("error", reject);
      answer.on("end", () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
    };
    const sent = url.startsWith("https:")
      ? https.request(
          url,
          {
            ...plain,
            rejectUnauthorized: false,
            ...(host === undefined ? {} : { servername: host }),
          },
          take,
        )
      : http.request(url, plain, take);
    sent.on("timeout", () =>
      sent.destroy(new Error(`${url}: no answer in ${String(limitSeconds)} s`)),
    );
    sent.on("error", reject);
    sent.end(body);
  });
}
