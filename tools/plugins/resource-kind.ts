import type { Change, Changes } from "./diff";
import type { Properties } from "./wire-values";

/** An input that the resource does not take as it is. */
export interface Fault {
  /** Path of the input. */
  property: string;
  /** The rule and the value, for the user. */
  reason: string;
}

/** What a resource's operation runs under. */
export interface Operation {
  /** The resource's name in the program. */
  name: string;
  /** Whether this is a preview: nothing may be touched, and inputs may not be known yet. */
  preview: boolean;
  /** Ends when the operation is cancelled or its time is over. */
  signal: AbortSignal;
  /** Tells the user what the operation is about at the moment. */
  status(text: string): void;
}

/** One type of resource that a plugin serves. Properties come and go as the engine has them, secrets marked. */
export interface ResourceKind {
  /** Fills in defaults and finds what is wrong with the inputs. */
  check(inputs: Properties, before: Properties): { inputs: Properties; faults: readonly Fault[] };
  /** Whether a change of this property can only be had by a new resource. */
  replaces(property: string, change: Change): boolean;
  /**
   * Changes that the state shows beside those of the inputs: a property that is no longer as the program has it.
   * @default none
   */
  drift?(outputs: Properties, inputs: Properties): Changes;
  /** Whether a replacement must wait until the old one is gone, as where both have one name. @default false */
  deletesFirst?(before: Properties, after: Properties): boolean;
  create(inputs: Properties, operation: Operation): Promise<{ id: string; outputs: Properties }>;
  /** Left out where every change replaces. */
  update?(outputs: Properties, inputs: Properties, operation: Operation): Promise<Properties>;
  /** Reads what is there; `undefined` where it is gone. Left out where the state is all there is. */
  read?(id: string, outputs: Properties, operation: Operation): Promise<Properties | undefined>;
  /** The inputs of a thing that the state does not have, from what `read` found. Left out where none can be imported. */
  importedInputs?(outputs: Properties): Properties;
  delete(id: string, outputs: Properties, operation: Operation): Promise<void>;
}

/** A plugin: what it serves, by type token. */
export interface Plugin {
  /** Name of the package. */
  name: string;
  /** Version of the real plugin that it stands for. */
  version: string;
  kinds: Readonly<Record<string, ResourceKind>>;
  /** Takes the provider's configuration. @throws {Error} for what is not supported */
  configure?(config: Properties): void;
}
