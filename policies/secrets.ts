/** What looks like a secret. Values are judged, and never shown. */

/** Whether an environment variable of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return (
    /(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|(API|MASTER|SALT|PRIVATE|ACCESS|SECRET)_?KEY)($|_)/i.test(
      name,
    ) || /^(DATABASE|REDIS|MONGO(DB)?|AMQP)_URL$/i.test(name)
  );
}
