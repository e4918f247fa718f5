//! One connection that stays open, with the cookies of one browser: as little of HTTP/1.1 as the
//! two servers need, so that the generator takes little of the machine that it measures on.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// No answer takes longer, and none is larger.
const DEADLINE: Duration = Duration::from_secs(30);
const MAX_ANSWER: usize = 1 << 20;

/// What of an answer is looked at.
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub body: Vec<u8>,
}

pub struct Connection {
    stream: TcpStream,
    authority: String,
    cookies: BTreeMap<String, String>,
    /// The cookies as they are sent.
    cookie: String,
    buffer: Vec<u8>,
}

impl Connection {
    pub async fn open(authority: &str) -> Result<Self, Failed> {
        let stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            authority: authority.to_owned(),
            cookies: BTreeMap::new(),
            cookie: String::new(),
            buffer: Vec::new(),
        })
    }

    pub async fn get(&mut self, target: &str) -> Result<Answer, Failed> {
        let head =
            format!("GET {target} HTTP/1.1\r\nHost: {}\r\n{}\r\n", self.authority, self.cookie);
        self.exchange(head.as_bytes()).await
    }

    /// A client's request, not the browser's: without cookies.
    pub async fn post(&mut self, target: &str, form: &str) -> Result<Answer, Failed> {
        let request = format!(
            "POST {target} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            self.authority,
            form.len()
        );
        self.exchange(request.as_bytes()).await
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Answer, Failed> {
        tokio::time::timeout(DEADLINE, async {
            self.stream.write_all(request).await?;
            self.answer().await
        })
        .await?
    }

    async fn answer(&mut self) -> Result<Answer, Failed> {
        self.buffer.clear();
        let end = loop {
            if let Some(at) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break at;
            }
            self.more().await?;
        };
        let head = std::str::from_utf8(&self.buffer[..end])?.to_owned();
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or("no status")?;
        let status: u16 = status.parse()?;
        let (mut length, mut location) = (0_usize, None);
        for line in lines {
            let (name, value) = line.split_once(':').ok_or("a field without a colon")?;
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                length = value.parse()?;
            } else if name.eq_ignore_ascii_case("location") {
                location = Some(value.to_owned());
            } else if name.eq_ignore_ascii_case("set-cookie") {
                self.take_cookie(value);
            } else if name.eq_ignore_ascii_case("transfer-encoding")
                || (name.eq_ignore_ascii_case("connection") && value.eq_ignore_ascii_case("close"))
            {
                return Err(format!("this program cannot read {line}").into());
            }
        }
        let begin = end + 4;
        while self.buffer.len() < begin + length {
            self.more().await?;
        }
        if self.buffer.len() > begin + length {
            return Err("more came than the answer".into());
        }
        Ok(Answer { status, location, body: self.buffer[begin..].to_vec() })
    }

    async fn more(&mut self) -> Result<(), Failed> {
        if self.buffer.len() > MAX_ANSWER {
            return Err("the answer is too large".into());
        }
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err("the server has closed the connection".into());
        }
        Ok(())
    }

    fn take_cookie(&mut self, field: &str) {
        let pair = field.split(';').next().unwrap_or_default();
        let Some((name, value)) = pair.split_once('=') else { return };
        if value.is_empty() {
            self.cookies.remove(name);
        } else if self.cookies.get(name).is_some_and(|known| known == value) {
            return;
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let all: Vec<_> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        self.cookie.clear();
        if !all.is_empty() {
            // Writing into a String cannot fail.
            let _ = write!(self.cookie, "Cookie: {}\r\n", all.join("; "));
        }
    }
}
