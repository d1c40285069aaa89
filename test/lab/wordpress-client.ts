import { ask } from "./page-client";

/** What stands at an address; fails where the answer is no success. */
export async function read(url: string): Promise<string> {
  const { status, text } = await ask(url);
  if (status !== 200) {
    throw new Error(`${url}: ${String(status)} ${text.slice(0, 300)}`);
  }
  return text;
}

/** Somebody who is logged in, at any replica. */
export class Author {
  private constructor(
    private readonly address: string,
    private readonly headers: Record<string, string>,
  ) {}

  /** @param address `<address>:<port>`; cookies hold for it alone, ports left out */
  public static async logIn(address: string, user: string, password: string): Promise<Author> {
    const form = new URLSearchParams({ log: user, pwd: password });
    const { status, headers } = await ask(`http://${address}/wp-login.php`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
    });
    const cookie = (headers["set-cookie"] ?? []).map((each) => each.split(";")[0]).join("; ");
    if (status !== 302 || !cookie.includes("wordpress_logged_in")) {
      throw new Error(`${address}: ${user} cannot log in: ${String(status)}`);
    }
    const nonce = await ask(`http://${address}/wp-admin/admin-ajax.php?action=rest-nonce`, {
      headers: { cookie },
    });
    return new Author(address, { cookie, "x-wp-nonce": nonce.text });
  }

  /** Publishes a page; gives its number. */
  public async publish(title: string, content: string): Promise<number> {
    const body = JSON.stringify({ title, content, status: "publish" });
    const { id } = await this.create("pages", { "content-type": "application/json" }, body);
    return Number(id);
  }

  /** Uploads a text; gives its path on any of the addresses. */
  public async upload(name: string, text: string): Promise<string> {
    const disposition = `attachment; filename="${name}"`;
    const headers = { "content-type": "text/plain", "content-disposition": disposition };
    const { source_url } = await this.create("media", headers, text);
    return new URL(String(source_url)).pathname;
  }

  private async create(
    kind: string,
    headers: Record<string, string>,
    body: string,
  ): Promise<Record<string, unknown>> {
    const { status, text } = await ask(`http://${this.address}/?rest_route=/wp/v2/${kind}`, {
      method: "POST",
      headers: { ...this.headers, ...headers },
      body,
    });
    if (status !== 201) {
      throw new Error(`${this.address}: ${kind}: ${String(status)} ${text.slice(0, 300)}`);
    }
    return JSON.parse(text) as Record<string, unknown>;
  }
}
