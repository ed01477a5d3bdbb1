//! Logs and metrics. Log lines are a human sentence plus fields; never a name, an ID number, a phone number or a token.

use crate::config::LogConfig;
use kernel::{Error, Result};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

/// Starts logging for this process. A second call changes nothing.
pub fn start_logging(config: &LogConfig) -> Result<()> {
    let filter = EnvFilter::try_new(&config.filter)
        .map_err(|e| Error::invalid("configuration_invalid", format!("log.filter: {e}")))?;
    // Colours are for people who look on, not for files and pipes.
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    // An error means that a subscriber is already there, as in tests.
    let _ = match config.format.as_str() {
        "json" => builder.json().flatten_event(true).try_init(),
        "text" => builder.try_init(),
        other => {
            return Err(Error::invalid(
                "configuration_invalid",
                format!("log.format: {other:?} is neither json nor text"),
            ));
        }
    };
    Ok(())
}

/// The metrics of this process, in the Prometheus text format.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Metrics")
    }
}

impl Metrics {
    /// Installs the recorder of this process.
    pub fn start() -> Result<Self> {
        let recorder = PrometheusBuilder::new()
            .set_buckets(&[0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0])
            .map_err(Error::internal)?
            .build_recorder();
        let handle = recorder.handle();
        // An error means that another part of this process, such as a test, has one already.
        let _ = metrics::set_global_recorder(recorder);
        Ok(Self(handle))
    }

    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}
