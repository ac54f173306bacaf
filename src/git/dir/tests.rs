//! Tests that both implementations behave the same.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read as _, Write as _};

use super::DirEntry;

macro_rules! both {
    ($($module:ident)*) => {$(
        #[test]
        fn $module() {
            use super::$module::Dir;

            let top = tempfile::tempdir().unwrap();
            fs::create_dir(top.path().join("sub")).unwrap();
            fs::write(top.path().join("file"), "old").unwrap();
            let name = OsStr::new;
            let dir = Dir::at(top.path()).unwrap();
            assert!(matches!(dir.entry(name("file")), Ok(Some(DirEntry::File(_)))));
            assert!(matches!(dir.entry(name("sub")), Ok(Some(DirEntry::Directory))));
            assert!(matches!(dir.entry(name("gone")), Ok(None)));
            assert!(dir.directory(name("file")).is_err());
            assert!(dir.directory(name("gone")).is_err());
            assert!(Dir::at(&top.path().join("file")).is_err());

            let sub = dir.directory(name("sub")).unwrap();
            sub.create_directory(name("inner")).unwrap();
            assert!(sub.create_directory(name("inner")).is_err());
            let inner = sub.directory(name("inner")).unwrap();
            let same = Dir::at(&top.path().join("sub/inner")).unwrap();
            assert!(inner.id().unwrap() == same.id().unwrap());
            assert!(inner.id().unwrap() != sub.id().unwrap());

            let mut file = sub.create_file(name("new")).unwrap();
            assert!(sub.create_file(name("new")).is_err());
            file.write_all(b"text").unwrap();
            let Some(DirEntry::File(mode)) = dir.entry(name("file")).unwrap() else { panic!() };
            mode.give_to(&file).unwrap();
            fs::write(top.path().join("sub/taken"), "").unwrap();
            sub.rename(name("new"), name("taken")).unwrap();
            let mut text = String::new();
            sub.open_file(name("taken")).unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "text");
            sub.sync().unwrap();
            let mut names = sub.names().unwrap();
            names.sort();
            assert_eq!(names, ["inner", "taken"]);
            // Some file systems keep the name of a removed file while it is open.
            drop(file);
            sub.remove_file(name("taken")).unwrap();
            assert_eq!(sub.names().unwrap(), ["inner"]);

            #[cfg(unix)]
            {
                std::os::unix::fs::symlink("sub/x", top.path().join("link")).unwrap();
                std::os::unix::fs::symlink("sub", top.path().join("to-sub")).unwrap();
                assert!(matches!(dir.entry(name("link")), Ok(Some(DirEntry::Link))));
                assert_eq!(dir.read_link(name("link")).unwrap().to_str(), Some("sub/x"));
                assert!(dir.read_link(name("file")).is_err());
                assert!(dir.open_file(name("link")).is_err());
                assert!(dir.directory(name("to-sub")).is_err());
                assert!(dir.create_file(name("link")).is_err());
            }
        }
    )*};
}

both!(by_path);
#[cfg(unix)]
both!(by_handle);
