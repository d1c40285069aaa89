import { spawn } from "node:child_process";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";

const PROGRAM = join(__dirname, "../../../../components/lib/any-manager.mjs");

function listen(onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => {
      // The program may hang up at any time.
    });
    onConnection(socket);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve(server);
    });
  });
}

function at(server: Server): string {
  return `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

function converse(
  targets: string[],
  input: string,
  first = "0",
): Promise<{ code: number | null; heard: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, SWARMSTEAD_FIRST_MANAGER: first };
    const child = spawn(process.execPath, [PROGRAM, ...targets], { env });
    let heard = "";
    child.stdout.on("data", (data: Buffer) => {
      heard += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      heard += data.toString();
    });
    child.stdin.end(input);
    child.on("close", (code) => {
      resolve({ code, heard });
    });
  });
}

describe("any-manager", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
    }
  });

  const talking = async (banner: string): Promise<string> => {
    const server = await listen((socket) => {
      socket.write(banner);
      socket.on("data", (data: Buffer) => {
        socket.end(`heard ${data.toString()}`);
      });
    });
    servers.push(server);
    return at(server);
  };

  test("passes over a port that accepts and is silent, and one that is closed", async () => {
    const silent = await listen((socket) => socket.resume());
    const closed = await listen((socket) => socket.resume());
    const gone = at(closed);
    closed.close();
    servers.push(silent);
    const ssh = await talking("SSH-2.0-test\r\n");
    const { code, heard } = await converse([at(silent), gone, ssh], "hello");
    expect(heard).toBe("SSH-2.0-test\r\nheard hello");
    expect(code).toBe(0);
  });

  test("does not take another server for SSH", async () => {
    const web = await talking("HTTP/1.1 400 Bad Request\r\n");
    const ssh = await talking("SSH-2.0-right\r\n");
    expect((await converse([web, ssh], "x")).heard).toBe("SSH-2.0-right\r\nheard x");
  });

  test("begins with the one that is asked for, and goes on with all others", async () => {
    const one = await talking("SSH-2.0-one\r\n");
    const two = await talking("SSH-2.0-two\r\n");
    const web = await talking("HTTP/1.1 400 Bad Request\r\n");
    expect((await converse([one, two], "x", "1")).heard).toBe("SSH-2.0-two\r\nheard x");
    expect((await converse([one, web], "x", "1")).heard).toBe("SSH-2.0-one\r\nheard x");
    expect((await converse([one, two], "x", "2")).heard).toBe("SSH-2.0-one\r\nheard x");
  });

  test("fails with the list where none answers", async () => {
    const closed = await listen((socket) => socket.resume());
    const gone = at(closed);
    closed.close();
    expect(await converse([gone], "")).toEqual({
      code: 1,
      heard: `no manager answers: tried ${gone}\n`,
    });
  });
});
