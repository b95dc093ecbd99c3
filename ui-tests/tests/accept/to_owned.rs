#![deny(warnings)]

use background::background;
use std::collections::BTreeMap;
use std::fmt::{Debug, Display};
use std::path::{Path, PathBuf};

#[derive(Clone, Debug)]
struct Job {
    name: String,
}

mod helper {
    pub enum Kind {
        Short,
    }

    pub fn one() -> usize {
        1
    }
}

impl Job {
    #[background(to_owned)]
    fn describe(
        &self,
        text: &str,
        all: &[u32],
        path: &Path,
        map: &BTreeMap<String, u32>,
    ) -> String {
        use self::helper::Kind::{self as K, Short};
        struct Other(usize);
        impl Other {
            fn get(&self) -> usize {
                self.0
            }
        }
        let inner = || self.name.len();
        let K::Short = Short;
        assert_eq!(format!("{self:?}"), format!("{:?}", self));
        assert_eq!(format!("{{self}}"), "{self}");
        format!(
            "{} {text} {all:?} {} {} {} {} {}",
            self.name,
            path.display(),
            map.len(),
            inner(),
            Other(3).get(),
            self::helper::one(),
        )
    }

    #[background(to_owned)]
    fn typed(self: &Self) -> String {
        self.name.clone()
    }

    #[background(to_owned)]
    fn named<'a>(&'a self, other: &'a Job) -> bool {
        self.name == other.name
    }

    #[background(to_owned)]
    fn unused(&self) {}
}

#[background(to_owned)]
fn patterns(&n: &u32, (a, b): &(u32, String), _: &str, forever: &'static str) -> usize {
    (n + a) as usize + b.len() + forever.len()
}

#[background(to_owned)]
fn generic<T: Display + Clone + Send + 'static>(
    value: &T,
    more: &(impl ToOwned<Owned: Debug + Send> + 'static),
) -> String {
    format!("{value}{:?}", more.to_owned())
}

#[background(to_owned)]
fn shared(numbers: &[u32; 3], text: &String, path: &PathBuf) -> usize {
    numbers.len() + text.len() + path.as_os_str().len()
}

fn main() {
    let job = Job { name: "job".to_owned() };
    let described = {
        let text = String::from("text");
        job.describe(&text, &[1, 2], Path::new("p"), &BTreeMap::new())
    };
    assert_eq!(*described, "job text [1, 2] p 0 3 3 1");
    assert_eq!(*job.typed(), "job");
    assert!(*job.named(&job));
    assert_eq!(*job.unused(), ());
    assert_eq!(*patterns(&1, &(2, "b".to_owned()), "", "ever"), 8);
    assert_eq!(*generic(&1, &2), "12");
    assert_eq!(*shared(&[1, 2, 3], &"ab".to_owned(), &PathBuf::from("c")), 6);
}
