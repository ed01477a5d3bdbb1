//! Big bytes: waveforms, images, recordings, PDFs, in a folder or an S3 bucket.
//!
//! Invariants: bytes are streamed, hashed (SM3) on the way, and never held whole in memory by this module. The object is
//! complete and durable before its row exists, so a row never points at missing bytes; an object whose row never came
//! (the process died in between) is removed by [`Blobs::remove_orphans`]. Objects are written once and never changed.

use crate::config::BlobConfig;
use crate::db::{Exec, execute, query_all, query_one};
use crate::hash::StreamHash;
use crate::{Platform, Tx};
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use kernel::{Error, ErrorKind, Result, Timestamp};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart};
use sea_orm::FromQueryResult;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// The object store.
#[derive(Clone, Debug)]
pub struct Blobs(Arc<dyn ObjectStore>);

/// Bytes that are stored, with what is needed to trust them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blob {
    pub id: Uuid,
    pub size_bytes: i64,
    /// 64 lower-case hexadecimal digits.
    pub sm3: String,
    pub content_type: String,
}

#[derive(FromQueryResult)]
struct BlobRow {
    id: Uuid,
    size_bytes: i64,
    sm3: String,
    content_type: String,
}

/// Parts of a streamed upload; S3 demands at least 5 MiB for all but the last.
const PART_BYTES: usize = 5 * 1024 * 1024;

impl Blobs {
    /// Opens the store that the configuration names.
    pub fn open(config: &BlobConfig) -> Result<Self> {
        let store: Arc<dyn ObjectStore> = match config {
            BlobConfig::Folder { path } => {
                std::fs::create_dir_all(path)
                    .map_err(|e| Error::internal(format!("cannot create {}: {e}", path.display())))?;
                Arc::new(LocalFileSystem::new_with_prefix(path).map_err(blob_error)?.with_fsync(true))
            }
            BlobConfig::S3 { endpoint, region, bucket, access_key_id, secret_access_key } => {
                // Another part of the program may have chosen the provider already; either choice serves.
                let _ = rustls::crypto::ring::default_provider().install_default();
                let mut builder = AmazonS3Builder::new()
                    .with_bucket_name(bucket)
                    .with_region(region)
                    .with_access_key_id(access_key_id)
                    .with_secret_access_key(secret_access_key);
                if let Some(endpoint) = endpoint {
                    builder =
                        builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
                }
                Arc::new(builder.build().map_err(blob_error)?)
            }
        };
        Ok(Self(store))
    }

    fn path(id: Uuid) -> Path {
        let name = id.simple().to_string();
        // The random end of a UUIDv7 spreads objects over folders; its beginning would put a day into one.
        let (folder, _) = name.get(30..).unwrap_or("00").split_at(2);
        Path::from(format!("{folder}/{name}"))
    }

    async fn write(
        &self,
        id: Uuid,
        content_type: &str,
        mut chunks: impl Stream<Item = Result<Bytes>> + Unpin,
    ) -> Result<Blob> {
        let path = Self::path(id);
        let mut hash = StreamHash::default();
        let mut size: u64 = 0;
        let mut head: Vec<u8> = Vec::new();
        let mut upload: Option<WriteMultipart> = None;
        while let Some(chunk) = chunks.next().await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(error) => {
                    if let Some(upload) = upload {
                        let _ = upload.abort().await;
                    }
                    return Err(error);
                }
            };
            hash.update(&chunk);
            size += chunk.len() as u64;
            if let Some(upload) = &mut upload {
                upload.wait_for_capacity(4).await.map_err(blob_error)?;
                upload.write(&chunk);
            } else {
                head.extend_from_slice(&chunk);
                if head.len() > PART_BYTES {
                    let parts = self.0.put_multipart(&path).await.map_err(blob_error)?;
                    let mut writer = WriteMultipart::new_with_chunk_size(parts, PART_BYTES);
                    writer.write(&head);
                    head = Vec::new();
                    upload = Some(writer);
                }
            }
        }
        match upload {
            Some(upload) => drop(upload.finish().await.map_err(blob_error)?),
            None => drop(self.0.put(&path, PutPayload::from(head)).await.map_err(blob_error)?),
        }
        let size_bytes = i64::try_from(size).map_err(Error::internal)?;
        Ok(Blob { id, size_bytes, sm3: hash.finish_hex(), content_type: content_type.to_owned() })
    }

    /// Writes the bytes of a blob whose row exists elsewhere: for restoring a backup. The caller compares what was written
    /// with the row.
    pub async fn restore(
        &self,
        id: Uuid,
        content_type: &str,
        chunks: impl Stream<Item = Result<Bytes>> + Unpin,
    ) -> Result<Blob> {
        self.write(id, content_type, chunks).await
    }

    /// True when the store holds nothing at all.
    pub async fn is_empty(&self) -> Result<bool> {
        Ok(self.0.list(None).try_next().await.map_err(blob_error)?.is_none())
    }

    /// The bytes of a blob, as a stream.
    pub async fn read(&self, id: Uuid) -> Result<impl Stream<Item = Result<Bytes>> + Send + 'static> {
        let object = self.0.get(&Self::path(id)).await.map_err(blob_error)?;
        Ok(object.into_stream().map_err(blob_error))
    }

    /// The whole of a blob whose size its kind keeps small.
    pub async fn read_whole(&self, id: Uuid) -> Result<Bytes> {
        let object = self.0.get(&Self::path(id)).await.map_err(blob_error)?;
        object.bytes().await.map_err(blob_error)
    }

    /// A byte range; clipped to the end of the object.
    pub async fn read_range(&self, id: Uuid, range: Range<u64>) -> Result<Bytes> {
        let options = GetOptions { range: Some(GetRange::Bounded(range)), ..GetOptions::default() };
        let object = self.0.get_opts(&Self::path(id), options).await.map_err(blob_error)?;
        object.bytes().await.map_err(blob_error)
    }

    /// Removes objects older than a day that no row names, in pages; returns how many.
    pub async fn remove_orphans(&self, exec: &Exec<'_>, now: Timestamp) -> Result<u64> {
        let before = now.minus(Duration::from_secs(86_400));
        let mut removed = 0;
        let mut objects = self.0.list(None);
        while let Some(object) = objects.try_next().await.map_err(blob_error)? {
            let old = object.last_modified.timestamp_micros() < before.micros();
            let Some(id) = object.location.filename().and_then(|name| Uuid::parse_str(name).ok()) else {
                continue;
            };
            if old && find(exec, id).await?.is_none() {
                self.0.delete(&object.location).await.map_err(blob_error)?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

impl Platform {
    /// Stores a stream. The bytes are durable when this returns; call [`Tx::attach`] to keep them.
    pub async fn store_blob(
        &self,
        content_type: &str,
        chunks: impl Stream<Item = Result<Bytes>> + Unpin,
    ) -> Result<Blob> {
        self.blobs().write(self.new_uuid(), content_type, chunks).await
    }

    /// Stores bytes that are in memory and whose SM3 is known already, so that they are not hashed again.
    pub async fn store_hashed(
        &self,
        content_type: &str,
        bytes: impl Into<Bytes>,
        sm3: String,
    ) -> Result<Blob> {
        let (id, bytes) = (self.new_uuid(), bytes.into());
        let size_bytes = i64::try_from(bytes.len()).map_err(Error::internal)?;
        self.blobs().0.put(&Blobs::path(id), PutPayload::from(bytes)).await.map_err(blob_error)?;
        Ok(Blob { id, size_bytes, sm3, content_type: content_type.to_owned() })
    }

    /// Stores bytes that are in memory already.
    pub async fn store_bytes(&self, content_type: &str, bytes: impl Into<Bytes>) -> Result<Blob> {
        self.store_blob(content_type, futures::stream::iter([Ok(bytes.into())])).await
    }
}

impl Tx {
    /// Keeps a stored blob: from this commit on it is part of the record.
    pub async fn attach(&self, blob: &Blob) -> Result<()> {
        let now = self.platform().now();
        execute(
            &self.exec(),
            "INSERT INTO platform_blob (id, size_bytes, sm3, content_type, created_at) VALUES ($1, $2, $3, $4, $5)",
            vec![
                blob.id.into(),
                blob.size_bytes.into(),
                blob.sm3.clone().into(),
                blob.content_type.clone().into(),
                now.micros().into(),
            ],
        )
        .await
        .map(drop)
    }
}

/// What is known of a blob.
pub async fn find(exec: &Exec<'_>, id: Uuid) -> Result<Option<Blob>> {
    let sql = "SELECT id, size_bytes, sm3, content_type FROM platform_blob WHERE id = $1";
    let row: Option<BlobRow> = query_one(exec, sql, vec![id.into()]).await?;
    Ok(row.map(|r| Blob { id: r.id, size_bytes: r.size_bytes, sm3: r.sm3, content_type: r.content_type }))
}

/// Blobs in id order after `after`, for backup and integrity checks.
pub async fn list_after(exec: &Exec<'_>, after: Uuid, limit: u64) -> Result<Vec<Blob>> {
    let sql = format!(
        "SELECT id, size_bytes, sm3, content_type FROM platform_blob WHERE id > $1 ORDER BY id LIMIT {limit}"
    );
    let rows: Vec<BlobRow> = query_all(exec, &sql, vec![after.into()]).await?;
    Ok(rows
        .into_iter()
        .map(|r| Blob { id: r.id, size_bytes: r.size_bytes, sm3: r.sm3, content_type: r.content_type })
        .collect())
}

/// Reads a blob again and compares size and SM3 with its row.
pub async fn is_intact(blobs: &Blobs, blob: &Blob) -> Result<bool> {
    let mut chunks = match blobs.read(blob.id).await {
        Ok(chunks) => Box::pin(chunks),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let mut hash = StreamHash::default();
    let mut size: i64 = 0;
    while let Some(chunk) = chunks.try_next().await? {
        hash.update(&chunk);
        size += i64::try_from(chunk.len()).unwrap_or(0);
    }
    Ok(size == blob.size_bytes && hash.finish_hex() == blob.sm3)
}

fn blob_error(error: object_store::Error) -> Error {
    let text = error.to_string();
    match error {
        object_store::Error::NotFound { .. } => Error::not_found("stored file"),
        _ if text.contains("No space left") || text.contains("os error 28") => Error::new(
            ErrorKind::StorageFull,
            "storage_full",
            "the disk of the server is full; nothing was changed",
        ),
        _ => Error::internal(format!("object store: {text}")),
    }
}
