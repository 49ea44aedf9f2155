/** What a process says that ends with requests under way. */
export function describeLoss(requests: number): string {
  const [many, them] =
    requests === 1 ? ['1 request was', 'it'] : [`${requests} requests were`, 'them']
  return `Quit: ${many} under way and may have been billed. The next run resumes ${them} under the same request ID.`
}
