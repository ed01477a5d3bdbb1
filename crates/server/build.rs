//! The web applications are inside the executable: when they are built anew, so is it.

fn main() {
    for folder in ["../../web/apps/staff/dist", "../../web/apps/resident/dist"] {
        if std::path::Path::new(folder).is_dir() {
            println!("cargo:rerun-if-changed={folder}");
        } else {
            // Its parent changes when it appears.
            println!("cargo:rerun-if-changed={}", folder.trim_end_matches("/dist"));
        }
    }
}
