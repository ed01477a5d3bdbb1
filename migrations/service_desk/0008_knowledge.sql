-- What is known about faults and questions: the article is the working copy, its versions are what others read.
CREATE TABLE service_desk_article (
  id UUID PRIMARY KEY NOT NULL,
  number TEXT NOT NULL UNIQUE,
  organisation_path TEXT NOT NULL,
  -- draft, review, published, withdrawn
  state TEXT NOT NULL,
  title TEXT NOT NULL,
  -- provider: the provider's people alone; everybody: whoever may open a ticket
  audience TEXT NOT NULL,
  -- JSON arrays of texts
  item_codes TEXT NOT NULL,
  tags TEXT NOT NULL,
  symptom TEXT NOT NULL,
  cause TEXT NOT NULL,
  solution TEXT NOT NULL,
  source_ticket_id UUID,
  author_id UUID,
  author_name TEXT NOT NULL,
  -- Why a reviewer gave it back, or why it was withdrawn.
  remark TEXT,
  -- Number of the newest published version; 0: none yet
  version INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  row_version BIGINT NOT NULL
);
CREATE INDEX service_desk_article_updated ON service_desk_article (updated_at, id);

CREATE TABLE service_desk_article_version (
  article_id UUID NOT NULL REFERENCES service_desk_article (id),
  version INTEGER NOT NULL,
  title TEXT NOT NULL,
  audience TEXT NOT NULL,
  item_codes TEXT NOT NULL,
  tags TEXT NOT NULL,
  symptom TEXT NOT NULL,
  cause TEXT NOT NULL,
  solution TEXT NOT NULL,
  author_name TEXT NOT NULL,
  published_by_name TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  PRIMARY KEY (article_id, version)
);

-- One opinion for each reader; a later one replaces it.
CREATE TABLE service_desk_article_vote (
  article_id UUID NOT NULL REFERENCES service_desk_article (id),
  account_id UUID NOT NULL,
  by_name TEXT NOT NULL,
  helpful BOOLEAN NOT NULL,
  comment TEXT,
  at BIGINT NOT NULL,
  PRIMARY KEY (article_id, account_id)
);

-- Tickets that were solved with an article.
CREATE TABLE service_desk_article_use (
  article_id UUID NOT NULL REFERENCES service_desk_article (id),
  ticket_id UUID NOT NULL,
  by_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (article_id, ticket_id)
);

-- What was looked for and not found: the articles that are missing.
CREATE TABLE service_desk_search_miss (
  organisation_path TEXT NOT NULL,
  query TEXT NOT NULL,
  times INTEGER NOT NULL,
  last_at BIGINT NOT NULL,
  PRIMARY KEY (organisation_path, query)
);
