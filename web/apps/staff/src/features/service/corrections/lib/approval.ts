/** What a form of a data correction says of itself. */
export interface Touched {
  /** It has rows: data are changed. */
  rows: boolean;
  medicalDocument: boolean;
  amountCents: number | null;
}

/**
 * Whether the bureau's information section has to approve before any work, as the server decides it: every change of data, every
 * medical document, a charge problem from the contract's amount on. Unknown while the contract is.
 */
export function approvalNeeded(touched: Touched, approvalAmountCents: number | undefined): boolean | null {
  if (touched.rows || touched.medicalDocument) return true;
  if (touched.amountCents === null || approvalAmountCents === undefined) return null;
  return touched.amountCents >= approvalAmountCents;
}
