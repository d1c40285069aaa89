import { status as codes, type handleUnaryCall } from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb";
import struct from "google-protobuf/google/protobuf/struct_pb";
import { type Change, type Changes, topOf } from "./diff";
import type { ResourceKind } from "./resource-kind";
import type { Properties } from "./wire-values";

/** A method of the protocol: the answer to a request. */
type Method<Request, Answer> = (request: Request) => Answer | Promise<Answer>;

/** A method as the server takes it; what it throws is the answer's error, without a stack trace. */
export function unary<Request, Answer>(
  method: Method<Request, Answer>,
): handleUnaryCall<Request, Answer> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => method(call.request))
      .then(
        (answer) => {
          callback(null, answer);
        },
        (error: unknown) => {
          const details = error instanceof Error ? error.message : String(error);
          callback({ code: codes.UNKNOWN, details });
        },
      );
  };
}

/** The properties in a message. */
export function read(message: struct.Struct | undefined): Properties {
  return message?.toJavaScript() ?? {};
}

/** A message's properties. */
export function write(properties: Properties): struct.Struct {
  return struct.Struct.fromJavaScript(properties);
}

/** Type and name of the resource that a URN speaks of. */
export function partsOf(urn: string): { type: string; name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}

/**
 * The answer to what there is; an empty one where it is gone. A refresh names the inputs of the state, which stay; an
 * import names none, so they are drawn from what was found.
 */
export function readAnswer(
  request: provider.ReadRequest,
  found: Properties | undefined,
  kind: Pick<ResourceKind, "importedInputs">,
): provider.ReadResponse {
  const answer = new provider.ReadResponse();
  if (found) {
    const known = request.getInputs();
    const isImport = Object.keys(read(known)).length === 0;
    answer.setId(request.getId());
    answer.setProperties(write(found));
    const drawn = isImport ? kind.importedInputs?.(found) : undefined;
    answer.setInputs(drawn ? write(drawn) : known);
  }
  return answer;
}

/** The answer to a question for differences; `replaces` tells which of them need a new resource. */
export function diffAnswer(
  changes: Changes,
  replaces: (path: string, change: Change) => boolean,
): provider.DiffResponse {
  const answer = new provider.DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = provider.DiffResponse.DiffChanges;
  answer.setChanges(changes.size > 0 ? DIFF_SOME : DIFF_NONE);
  answer.setHasdetaileddiff(true);
  const kinds = provider.PropertyDiff.Kind;
  for (const [path, change] of changes) {
    const replace = replaces(path, change);
    const name = `${change.toUpperCase()}${replace ? "_REPLACE" : ""}` as keyof typeof kinds;
    const detail = new provider.PropertyDiff();
    detail.setKind(kinds[name]);
    answer.getDetaileddiffMap().set(path, detail);
    if (replace && !answer.getReplacesList().includes(topOf(path))) {
      answer.addReplaces(topOf(path));
    }
  }
  return answer;
}
