import { setMaxListeners } from "node:events";
import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import engine from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { handlersOf } from "./handlers";
import type { Plugin } from "./resource-kind";

/** The engine's limit for one message, as its other plugins have it, in bytes. */
const MESSAGE_BYTES = 400 * 1024 * 1024;

/** How long operations have to end once the plugin is asked to, in milliseconds. */
const LAST_WORDS_MS = 5000;

/** How often the plugin looks whether its engine is still there, in milliseconds. */
const PARENT_LOOK_MS = 500;

/** What the engine calls the plugin with: options of its own, then its address. */
function engineAddress(args: readonly string[]): string | undefined {
  return args.find((arg, at) => !arg.startsWith("-") && args[at - 1] !== "--tracing");
}

/**
 * Serves a plugin to the engine that started this process, until the engine ends it.
 *
 * The SDK's own `provider.main` keeps the provider's configuration and whether an operation is a preview to itself, and
 * both are needed here; so this speaks the engine's protocol by the SDK's messages.
 */
export function serve(plugin: Plugin): void {
  const options = {
    "grpc.max_receive_message_length": MESSAGE_BYTES,
    "grpc.max_send_message_length": MESSAGE_BYTES,
  };
  const address = engineAddress(process.argv.slice(2));
  const client = address
    ? new EngineClient(address, grpc.credentials.createInsecure(), options)
    : undefined;
  const stop = new AbortController();
  // Every operation that runs listens to it, and there is no limit to them.
  setMaxListeners(0, stop.signal);
  const status = (urn: string, message: string): void => {
    const request = new engine.LogRequest();
    request.setSeverity(engine.LogSeverity.INFO);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(true);
    client?.log(request, () => undefined);
  };
  let running = 0;
  const track = <T>(work: Promise<T>): Promise<T> => {
    running += 1;
    return work.finally(() => {
      running -= 1;
    });
  };
  let ending = false;
  const end = (reason: string): void => {
    if (ending) {
      return;
    }
    ending = true;
    stop.abort(new Error(`the plugin was ended by ${reason}`));
    const ended = Date.now();
    setInterval(() => {
      // What runs ends first, with what it started, and the engine gets its answer.
      if (running === 0 || Date.now() - ended > LAST_WORDS_MS) {
        process.exit(0);
      }
    }, 20);
  };
  process.on("SIGINT", end).on("SIGTERM", end);
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) {
      end("the engine's sudden end");
    }
  }, PARENT_LOOK_MS).unref();
  const server = new grpc.Server(options);
  server.addService(ResourceProviderService, handlersOf(plugin, { stop, status, track }));
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      throw error;
    }
    // The first line tells the engine where to connect.
    process.stdout.write(`${String(port)}\n`);
  });
}
