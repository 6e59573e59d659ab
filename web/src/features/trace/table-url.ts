/** Of a trace's spans; one text for who asks early and who reads, or they are sent twice. */
export const tableUrl = (traceId: string): string => `/api/traces/${traceId}/table`
