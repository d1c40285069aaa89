import { serve } from "../serve";
import { randomBytesKind } from "./random-bytes";
import { randomPassword } from "./random-password";

serve({
  name: "random",
  version: "4.21.2",
  kinds: {
    "random:index/randomBytes:RandomBytes": randomBytesKind,
    "random:index/randomPassword:RandomPassword": randomPassword,
  },
});
