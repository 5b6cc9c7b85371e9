/** An issue, as far as it is any of ours. */
export interface Issue {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly isOpen: boolean;
  /** Of a closed one: it was said to be done, and not that nothing will be done. */
  readonly isDone: boolean;
  /** ISO time. */
  readonly closedAt?: string;
}

export interface Change {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'open' | 'closed';
}

/** Where issues are. Each call is one thing done; nothing is done twice by saying it again. */
export interface Tracker {
  /** All with our label, open and closed. */
  issues(): Promise<readonly Issue[]>;
  create(title: string, body: string): Promise<Issue>;
  update(issue: Issue, change: Change): Promise<void>;
  comment(issue: Issue, body: string): Promise<void>;
}
