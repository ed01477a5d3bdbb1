//! Letters: from whom, about what, to which ticket.

use super::ops::Arrival;
use super::store::{self, IntakeRow};
use crate::attachments::{self, Upload};
use crate::book::Book;
use crate::tickets::model::State;
use crate::{ServiceDesk, tickets};
use async_trait::async_trait;
use kernel::Result;
use platform::{Ctx, Platform, Principal};
use ports::notify::{Letter, Letters};
use std::sync::Arc;

/// Takes letters for this desk.
pub fn letters(platform: &Platform, desk: &Arc<ServiceDesk>) -> Arc<dyn Letters> {
    Arc::new(Desk { platform: platform.clone(), desk: Arc::clone(desk) })
}

struct Desk {
    platform: Platform,
    desk: Arc<ServiceDesk>,
}

/// How the mailbox is named in journals.
const NAME: &str = "邮箱";
const MAIL: &str = "mail";

/// A number of a ticket in a text, such as `SD20261127-0001`.
fn ticket_number(text: &str) -> Option<String> {
    text.match_indices("SD").find_map(|(at, _)| {
        let rest = text.get(at + 2..)?;
        let (day, tail) = rest.split_once('-')?;
        let count: String = tail.chars().take_while(char::is_ascii_digit).collect();
        let whole = day.len() == 8 && day.chars().all(|c| c.is_ascii_digit()) && count.len() >= 4;
        whole.then(|| format!("SD{day}-{count}"))
    })
}

#[async_trait]
impl Letters for Desk {
    async fn take(&self, letter: Letter) -> Result<()> {
        let principal = Principal { display_name: NAME.to_owned(), ..Principal::system() };
        let ctx = Ctx::for_principal(&self.platform, principal, "mailbox");
        let exec = self.platform.db().read();
        if store::known(&exec, MAIL, "", &letter.id).await?.is_some() {
            return Ok(());
        }
        let sender = match letter.account {
            Some(account) => self.desk.directory.signatories(&[account]).await?.into_iter().next(),
            None => None,
        };
        let place = sender.as_ref().and_then(|sender| sender.organisation.clone());
        // Only whoever a ticket concerns adds to it by writing its number; what others write waits for a person.
        let mut ticket = None;
        if let (Some(number), Some(account)) = (ticket_number(&letter.subject), letter.account) {
            let found = tickets::by_number(&exec, &number).await?;
            let own = place.as_ref().map(|place| place.id);
            ticket = found
                .filter(|ticket| Some(ticket.organisation_id) == own || ticket.opened_by == Some(account))
                .filter(|ticket| !matches!(ticket.state, State::Closed | State::Cancelled))
                .map(|ticket| ticket.id);
        }
        let region = region(&Book::load(&exec).await?);
        let mut left_out = letter.left_out.clone();
        let uploads =
            letter.files.into_iter().map(|file| Upload { name: file.name, bytes: file.bytes }).collect();
        let (files, refused) = attachments::store_permitted(&self.platform, uploads).await?;
        left_out.extend(refused);
        let row = IntakeRow {
            id: self.platform.new_uuid(),
            organisation_path: region,
            organisation_id: place.as_ref().map(|place| place.id.uuid()),
            channel: MAIL.into(),
            source: String::new(),
            external_id: letter.id,
            group_key: None,
            at: letter.received_at.min(ctx.now()).micros(),
            received_at: ctx.now().micros(),
            ended_at: None,
            sender: Some(letter.from).filter(|from| !from.is_empty()),
            sender_name: letter.from_name,
            account_id: letter.account.map(kernel::AccountId::uuid),
            subject: letter.subject,
            body: letter.text,
            automatic: letter.automatic,
            left_out: left_out.join("\n"),
            state: String::new(),
            ticket_id: None,
            decided_by_name: None,
            decided_at: None,
            reason: letter.automatic.then(|| "automatic".to_owned()),
            row_version: 0,
        };
        let caller_name = sender.map(|sender| sender.name);
        self.desk
            .arrive(&ctx, Arrival { row, place, item_code: None, priority: 3, ticket, caller_name, files })
            .await?;
        Ok(())
    }
}

/// Where lies what belongs to no institution: the region of the newest contract, else the root.
pub(super) fn region(book: &Book) -> String {
    book.editions().last().map_or_else(|| "0001".to_owned(), |edition| edition.organisation_path.clone())
}

#[cfg(test)]
mod tests {
    use super::ticket_number;

    #[test]
    fn the_number_of_a_ticket_is_found_in_a_subject() {
        assert_eq!(ticket_number("答复：工单SD20261127-0001 打印机"), Some("SD20261127-0001".to_owned()));
        assert_eq!(ticket_number("SD卡 SD20261127-12345"), Some("SD20261127-12345".to_owned()));
        assert_eq!(ticket_number("SD2026-0001, SD20261127-1"), None);
    }
}
