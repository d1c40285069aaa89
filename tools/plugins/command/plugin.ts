import { serve } from "../serve";
import { localCommand } from "./local-command";
import { remoteCommand } from "./remote-command";

serve({
  name: "command",
  version: "1.2.1",
  kinds: { "command:local:Command": localCommand, "command:remote:Command": remoteCommand },
});
