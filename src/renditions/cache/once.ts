/** Runs work once for all callers of a key that come while it is under way. */
export function createOnce<Value>(): (key: string, work: () => Promise<Value>) => Promise<Value> {
  const underWay = new Map<string, Promise<Value>>()
  return (key, work) => {
    const joined = underWay.get(key) ?? work().finally(() => underWay.delete(key))
    underWay.set(key, joined)
    return joined
  }
}
