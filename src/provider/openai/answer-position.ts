/** Deeper than any API's answer. What is deeper would break the code that stores it. */
const DEEPEST = 100

/** The levels on which the picture's path, `data[…].b64_json`, runs. */
const PATH_LEVELS = 3

type Container = 'object' | 'array'

/** A place in JSON, as far as the picture's path needs it. */
export interface AnswerPosition {
  depth: number
  /** True once something was nested too deeply to be kept. */
  tooDeep: boolean
  /** By depth, on the levels of the path. */
  readonly containers: (Container | undefined)[]
  /** By depth: the member that is being read. */
  readonly members: (string | undefined)[]
  /** Which entry of the list on the second level is being read, from 0. */
  index: number
  /** Whether a string that begins here is the name of a member. */
  expectsName: boolean
}

export function createAnswerPosition(): AnswerPosition {
  return { depth: 0, tooDeep: false, containers: [], members: [], index: 0, expectsName: false }
}

/** Passes a byte that is outside every string. */
export function passByte(position: AnswerPosition, byte: number | undefined): void {
  if (byte === 0x7b) open(position, 'object')
  else if (byte === 0x5b) open(position, 'array')
  else if (byte === 0x7d || byte === 0x5d) {
    position.depth--
    position.expectsName = false
  } else if (byte === 0x2c) {
    if (position.depth === 2) position.index++
    position.expectsName = position.containers[position.depth] === 'object'
  } else if (byte === 0x3a) position.expectsName = false
}

function open(position: AnswerPosition, container: Container): void {
  const depth = ++position.depth
  const isOnPath = depth <= PATH_LEVELS
  if (depth > DEEPEST) position.tooDeep = true
  position.containers[depth] = isOnPath ? container : undefined
  position.members[depth] = undefined
  if (depth === 2) position.index = 0
  position.expectsName = isOnPath && container === 'object'
}

/** Whether a string that begins here is a picture: the value of `data[…].b64_json`. */
export function isPicturePath({ depth, containers, members }: AnswerPosition): boolean {
  return (
    depth === PATH_LEVELS &&
    containers[1] === 'object' &&
    members[1] === 'data' &&
    containers[2] === 'array' &&
    containers[3] === 'object' &&
    members[3] === 'b64_json'
  )
}

/** @param source of the member's name, with its quotes */
export function enterMember({ depth, members }: AnswerPosition, source: Uint8Array): void {
  try {
    members[depth] = String(JSON.parse(Buffer.from(source).toString()))
  } catch {
    members[depth] = undefined
  }
}
