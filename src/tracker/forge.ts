/** What a host of issues has of its own, beside its paths. */
export interface Forge {
  readonly name: 'GitHub' | 'GitLab';
  readonly headers: (token: string | undefined) => Readonly<Record<string, string>>;
  /** What the user can do about a refusal. */
  readonly hint: (status: number) => string;
}

/** https://docs.github.com/rest */
export const github: Forge = {
  name: 'GitHub',
  headers: (token) => ({
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    ...(token && { authorization: `Bearer ${token}` }),
  }),
  hint: (status) => {
    if (status === 401 || status === 403) {
      return '; GITHUB_TOKEN has to be allowed to write issues (permissions: issues: write)';
    }
    return status === 404 ? '; look at --repo OWNER/NAME, and whether it has issues' : '';
  },
};

/** https://docs.gitlab.com/api/rest/ */
export const gitlab: Forge = {
  name: 'GitLab',
  headers: (token) => ({ accept: 'application/json', ...(token && { 'private-token': token }) }),
  hint: (status) => {
    if (status === 401 || status === 403) {
      return '; GITLAB_TOKEN has to be a token of scope api, of a Reporter of the project at least';
    }
    // A private project is not found by who may not see it.
    return status === 404 ? '; look at --repo GROUP/NAME, whether it has issues, and at GITLAB_TOKEN' : '';
  },
};
