/** The first line of what the YAML parser says, without the text that it quotes, which may be a secret. */
export function yamlReason(error: Error): string {
  const [line = ""] = error.message.split("\n");
  return line.replace(/:$/, "").replace(/(?:: ".*"|; please use \S+)(?= at line)/, "");
}
