/** Folders that are read as one. Of what several have under one id, the last one's counts. */
export type Folders = readonly string[];
