#!/usr/bin/env node
// ProxyCommand of the alias that leads to any live manager: dials the managers one after the other, each a second
// after the one before, and joins stdin and stdout to the first that says it is an SSH server. An open port alone
// proves nothing: a port forward accepts before it dials. Usage: any-manager.mjs HOST:PORT …
// Reads: SWARMSTEAD_FIRST_MANAGER  which of them is dialled first (default 0), so that several sessions at once can be
//                                  spread
import { connect } from "node:net";

const STAGGER_MS = 1000;
const GIVE_UP_MS = 20000;

const given = process.argv.slice(2).map((target) => {
  const colon = target.lastIndexOf(":");
  return { host: target.slice(0, colon), port: Number(target.slice(colon + 1)) };
});
const first = Number(process.env.SWARMSTEAD_FIRST_MANAGER ?? 0) % (given.length || 1);
const targets = [...given.slice(first), ...given.slice(0, first)];
const sockets = new Set();
let waiting = targets.length;
let chosen;

function choose(socket, banner) {
  chosen = socket;
  for (const other of sockets) {
    if (other !== socket) other.destroy();
  }
  process.stdout.write(banner);
  socket.pipe(process.stdout);
  process.stdin.pipe(socket);
  socket.on("close", () => process.exit(0));
}

function giveUp() {
  process.stderr.write(`no manager answers: tried ${process.argv.slice(2).join(", ")}\n`);
  process.exit(1);
}

function dial({ host, port }) {
  if (chosen) return;
  const socket = connect({ host, port, noDelay: true });
  sockets.add(socket);
  socket.once("data", (data) => {
    if (!chosen && data.subarray(0, 4).toString() === "SSH-") choose(socket, data);
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    waiting -= 1;
    if (waiting === 0 && !chosen) giveUp();
  });
}

targets.forEach((target, rank) => setTimeout(dial, rank * STAGGER_MS, target));
setTimeout(() => chosen ?? giveUp(), targets.length * STAGGER_MS + GIVE_UP_MS);
if (targets.length === 0) giveUp();
