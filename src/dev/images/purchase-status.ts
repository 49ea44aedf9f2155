/** How far a request has come that this server wants, or wanted. */
export type PurchaseStatus =
  | {
      readonly state: 'under-way'
      /** ISO 8601. */
      readonly since: string
      /** Absent while it waits: for its turn, for another process, for what it refers to. */
      readonly attempt?: number
      /** What goes on just now, as a short phrase. */
      readonly detail?: string
    }
  | { readonly state: 'failed'; readonly error: Error }
  /** Not asked for, because nothing may be requested: no key, no budget. */
  | {
      readonly state: 'held'
      readonly reason: string
      /** Time makes room for it. */
      readonly isForBudget?: true
    }
