//! Who asks, from where, and when: the context that every use case receives.

use crate::authz::{Action, OrgPath, Resource, Scope};
use crate::{AuditEntry, Outcome, Platform};
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use kernel::{AccountId, Error, ErrorKind, OrganisationId, PatientId, Result, StaffId, Timestamp};
use std::sync::Arc;

/// What kind of caller this is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PrincipalKind {
    Staff,
    Resident,
    /// The program itself: jobs, demo data, the command line.
    System,
    /// Nobody is signed in.
    Anonymous,
}

impl PrincipalKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Resident => "resident",
            Self::System => "system",
            Self::Anonymous => "anonymous",
        }
    }
}

/// A role given to an account over one subtree of organisations.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RoleGrant {
    pub role: String,
    pub scope: OrgPath,
}

/// A signed-in caller. Made by the identity context from a session; see [`Principal::system`] for the program itself.
#[derive(Clone, Debug)]
pub struct Principal {
    pub kind: PrincipalKind,
    pub account_id: Option<AccountId>,
    pub staff_id: Option<StaffId>,
    pub patient_id: Option<PatientId>,
    pub session_id: Option<uuid::Uuid>,
    pub display_name: String,
    pub organisation_id: Option<OrganisationId>,
    pub organisation_path: Option<OrgPath>,
    pub roles: Vec<RoleGrant>,
    /// Set while the only thing this account may do is to finish signing in (new password, second factor).
    pub restricted: bool,
}

impl Principal {
    /// The program itself. Authorization does not apply to it; audit does.
    pub fn system() -> Self {
        Self {
            kind: PrincipalKind::System,
            account_id: None,
            staff_id: None,
            patient_id: None,
            session_id: None,
            display_name: "system".into(),
            organisation_id: None,
            organisation_path: None,
            roles: Vec::new(),
            restricted: false,
        }
    }

    fn anonymous() -> Self {
        Self { kind: PrincipalKind::Anonymous, display_name: String::new(), ..Self::system() }
    }

    pub fn kind(&self) -> PrincipalKind {
        self.kind
    }

    pub fn account_id(&self) -> Option<AccountId> {
        self.account_id
    }

    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    pub fn organisation_path(&self) -> Option<&str> {
        self.organisation_path.as_ref().map(OrgPath::as_str)
    }
}

/// The context of one request, job or command.
#[derive(Clone, Debug)]
pub struct Ctx(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    platform: Platform,
    principal: Principal,
    request_id: String,
    address: Option<String>,
    user_agent: Option<String>,
}

impl Ctx {
    /// The context of the program itself.
    pub fn system(platform: &Platform, request_id: &str) -> Self {
        Self::for_principal(platform, Principal::system(), request_id)
    }

    /// The context of a principal outside a request: tests and the demo county.
    pub fn for_principal(platform: &Platform, principal: Principal, request_id: &str) -> Self {
        Self(Arc::new(Inner {
            platform: platform.clone(),
            principal,
            request_id: request_id.to_owned(),
            address: None,
            user_agent: None,
        }))
    }

    pub fn platform(&self) -> &Platform {
        &self.0.platform
    }

    pub fn principal(&self) -> &Principal {
        &self.0.principal
    }

    /// The account behind a signed-in principal.
    pub fn account_id(&self) -> Result<AccountId> {
        self.0.principal.account_id.ok_or_else(not_signed_in)
    }

    pub fn now(&self) -> Timestamp {
        self.0.platform.now()
    }

    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    pub fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    pub fn user_agent(&self) -> Option<&str> {
        self.0.user_agent.as_deref()
    }

    /// Allows `action` on `resource`, or records the refusal and returns `forbidden`.
    pub async fn authorize(&self, action: Action, resource: &Resource) -> Result<()> {
        if self.principal().kind == PrincipalKind::System {
            return Ok(());
        }
        self.refuse_restricted()?;
        if self.platform().authz().is_allowed(self.principal(), action, resource)? {
            return Ok(());
        }
        let mut entry = AuditEntry::new(action.0).on(resource.kind, resource.id).outcome(Outcome::Denied);
        if let Some(patient) = resource.patient_id {
            entry = entry.patient(patient);
        }
        self.platform().audit(self, entry).await?;
        Err(Error::forbidden("forbidden", format!("no role of yours allows {} here", action.0)))
    }

    /// The subtrees over which some role allows `action`: the row filter of lists. Empty means not allowed anywhere,
    /// which is recorded and refused.
    pub async fn scope(&self, action: Action) -> Result<Scope> {
        if self.principal().kind == PrincipalKind::System {
            return Ok(Scope::everything());
        }
        self.refuse_restricted()?;
        let scope = self.platform().authz().scope(self.principal(), action)?;
        if scope.is_empty() {
            let entry = AuditEntry::new(action.0).outcome(Outcome::Denied);
            self.platform().audit(self, entry).await?;
            return Err(Error::forbidden("forbidden", format!("no role of yours allows {}", action.0)));
        }
        Ok(scope)
    }

    fn refuse_restricted(&self) -> Result<()> {
        if self.principal().restricted {
            return Err(Error::forbidden(
                "sign_in_incomplete",
                "set a new password and, where it is demanded, a second factor first",
            ));
        }
        Ok(())
    }
}

fn not_signed_in() -> Error {
    Error::new(ErrorKind::Unauthenticated, "not_signed_in", "sign in first")
}

/// Facts of the transport, put into the request by the outermost middleware.
#[derive(Clone, Debug)]
pub struct Transport {
    pub request_id: String,
    pub address: Option<String>,
    pub user_agent: Option<String>,
}

/// Why a presented session was not accepted, kept so that a protected endpoint can say it.
#[derive(Clone, Debug)]
pub struct SessionRefused(pub &'static str);

fn context(parts: &Parts, platform: Platform, principal: Principal) -> Ctx {
    let transport = parts.extensions.get::<Transport>();
    Ctx(Arc::new(Inner {
        platform,
        principal,
        request_id: transport.map(|t| t.request_id.clone()).unwrap_or_default(),
        address: transport.and_then(|t| t.address.clone()),
        user_agent: transport.and_then(|t| t.user_agent.clone()),
    }))
}

/// The context of a signed-in caller; without one the request ends here with 401.
impl<S: Send + Sync> FromRequestParts<S> for Ctx
where
    Platform: FromRef<S>,
{
    type Rejection = crate::http::ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Some(principal) = parts.extensions.get::<Principal>().cloned() else {
            return Err(match parts.extensions.get::<SessionRefused>() {
                Some(SessionRefused(code)) => {
                    Error::new(ErrorKind::Unauthenticated, code, "the session has ended").into()
                }
                None => not_signed_in().into(),
            });
        };
        Ok(context(parts, Platform::from_ref(state), principal))
    }
}

/// The context of an endpoint that is open to everybody, signed in or not.
#[derive(Clone, Debug)]
pub struct PublicCtx(pub Ctx);

impl<S: Send + Sync> FromRequestParts<S> for PublicCtx
where
    Platform: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let principal = parts.extensions.get::<Principal>().cloned().unwrap_or_else(Principal::anonymous);
        Ok(Self(context(parts, Platform::from_ref(state), principal)))
    }
}
