import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb";
import provider from "@pulumi/pulumi/proto/provider_pb";
import empty from "google-protobuf/google/protobuf/empty_pb";
import { diffProperties, topOf } from "./diff";
import { diffAnswer, partsOf, read, readAnswer, unary, write } from "./messages";
import type { Operation, Plugin, ResourceKind } from "./resource-kind";

/** What the protocol's methods share with the process that serves them. */
export interface Host {
  /** Ends everything that runs. */
  stop: AbortController;
  /** Tells the user what the resource of a URN is about. */
  status(urn: string, text: string): void;
  /** Counts work as running until it ends. */
  track<T>(work: Promise<T>): Promise<T>;
}

/** The engine's protocol for a plugin. What it does not serve answers as unimplemented. */
export function handlersOf(served: Plugin, host: Host): UntypedServiceImplementation {
  const kindOf = (urn: string): ResourceKind => {
    const { type } = partsOf(urn);
    const kind = served.kinds[type];
    if (!kind) {
      const known = Object.keys(served.kinds).join(", ");
      throw new Error(
        `${type}: the stand-in for ${served.name} serves only ${known}; use the real plugin`,
      );
    }
    return kind;
  };
  const operation = (urn: string, preview = false, timeoutSeconds = 0): Operation => ({
    name: partsOf(urn).name,
    preview,
    signal:
      timeoutSeconds > 0
        ? AbortSignal.any([host.stop.signal, AbortSignal.timeout(timeoutSeconds * 1000)])
        : host.stop.signal,
    status: (text) => {
      host.status(urn, text);
    },
  });

  return {
    getPluginInfo: unary(() => {
      const answer = new plugin.PluginInfo();
      answer.setVersion(served.version);
      return answer;
    }),
    getSchema: unary(() => {
      const answer = new provider.GetSchemaResponse();
      answer.setSchema(JSON.stringify({ name: served.name, version: served.version }));
      return answer;
    }),
    checkConfig: unary((request: provider.CheckRequest) => {
      const answer = new provider.CheckResponse();
      answer.setInputs(request.getNews());
      return answer;
    }),
    diffConfig: unary((request: provider.DiffRequest) => {
      const before = read(request.getOldInputs() ?? request.getOlds());
      return diffAnswer(diffProperties(before, read(request.getNews())), () => false);
    }),
    configure: unary((request: provider.ConfigureRequest) => {
      served.configure?.(read(request.getArgs()));
      const answer = new provider.ConfigureResponse();
      answer.setAcceptsecrets(true);
      answer.setAcceptresources(true);
      answer.setSupportspreview(true);
      return answer;
    }),
    check: unary((request: provider.CheckRequest) => {
      const kind = kindOf(request.getUrn());
      const { inputs, faults } = kind.check(read(request.getNews()), read(request.getOlds()));
      const answer = new provider.CheckResponse();
      answer.setInputs(write(inputs));
      for (const { property, reason } of faults) {
        const failure = new provider.CheckFailure();
        failure.setProperty(property);
        failure.setReason(reason);
        answer.addFailures(failure);
      }
      return answer;
    }),
    diff: unary((request: provider.DiffRequest) => {
      const kind = kindOf(request.getUrn());
      const before = read(request.getOldInputs());
      const after = read(request.getNews());
      const ignored = request.getIgnorechangesList();
      const drift = [...(kind.drift?.(read(request.getOlds()), after) ?? [])].filter(
        ([path]) => !ignored.includes(topOf(path)),
      );
      const changes = new Map([...drift, ...diffProperties(before, after)]);
      const answer = diffAnswer(changes, (path, change) => kind.replaces(topOf(path), change));
      answer.setDeletebeforereplace(
        answer.getReplacesList().length > 0 && (kind.deletesFirst?.(before, after) ?? false),
      );
      return answer;
    }),
    create: unary(async (request: provider.CreateRequest) => {
      const urn = request.getUrn();
      const run = operation(urn, request.getPreview(), request.getTimeout());
      const { id, outputs } = await host.track(
        kindOf(urn).create(read(request.getProperties()), run),
      );
      const answer = new provider.CreateResponse();
      answer.setId(id);
      answer.setProperties(write(outputs));
      return answer;
    }),
    update: unary(async (request: provider.UpdateRequest) => {
      const urn = request.getUrn();
      const run = operation(urn, request.getPreview(), request.getTimeout());
      const kind = kindOf(urn);
      if (!kind.update) {
        throw new Error(
          `${partsOf(urn).type}: every change makes a new one, so there is no update`,
        );
      }
      const outputs = await host.track(
        kind.update(read(request.getOlds()), read(request.getNews()), run),
      );
      const answer = new provider.UpdateResponse();
      answer.setProperties(write(outputs));
      return answer;
    }),
    read: unary(async (request: provider.ReadRequest) => {
      const urn = request.getUrn();
      const kind = kindOf(urn);
      const outputs = read(request.getProperties());
      const found = kind.read ? await kind.read(request.getId(), outputs, operation(urn)) : outputs;
      return readAnswer(request, found, kind);
    }),
    delete: unary(async (request: provider.DeleteRequest) => {
      const urn = request.getUrn();
      const run = operation(urn, false, request.getTimeout());
      await host.track(kindOf(urn).delete(request.getId(), read(request.getProperties()), run));
      return new empty.Empty();
    }),
    cancel: unary(() => {
      host.stop.abort(new Error("cancelled"));
      return new empty.Empty();
    }),
  };
}
