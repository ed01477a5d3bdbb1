//! Who works in the county, and the accounts to sign in with.

use crate::dice::Dice;
use crate::organisations::{County, Place};
use crate::residents::plausible_name;
use identity::{NewStaff, RoleRequest, create_account, create_staff, set_roles};
use kernel::{Error, Result};
use platform::{Ctx, Platform, Principal, PrincipalKind, RoleGrant};
use ports::patients::Sex;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The password of every demo account. Public by design: demo accounts exist only with demo data.
pub const PASSWORD: &str = "Tianmu-2026";

/// An account as the sign-in page of a demo installation offers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoAccount {
    pub login_name: String,
    pub password: String,
    pub title_zh: String,
    pub title_en: String,
    /// `staff` or `resident`.
    pub kind: String,
}

impl DemoAccount {
    pub fn new(login_name: &str, title_zh: String, title_en: String, kind: &str) -> Self {
        Self {
            login_name: login_name.to_owned(),
            password: PASSWORD.to_owned(),
            title_zh,
            title_en,
            kind: kind.to_owned(),
        }
    }
}

/// Everybody who can sign in, by login name.
#[derive(Debug)]
pub struct Team {
    principals: HashMap<String, Principal>,
    pub accounts: Vec<DemoAccount>,
    pub staff_count: usize,
}

impl Team {
    /// The context of a person at the keyboard.
    pub fn ctx(&self, platform: &Platform, login_name: &str) -> Result<Ctx> {
        let principal = self.principals.get(login_name);
        let principal = principal.ok_or_else(|| Error::internal(format!("no demo account {login_name}")))?;
        Ok(Ctx::for_principal(platform, principal.clone(), "demo"))
    }
}

/// What somebody may do, and where.
#[derive(Clone, Copy)]
enum Over {
    Region,
    OwnPlace,
}

struct Post<'a> {
    login: Option<&'a str>,
    place: &'a Place,
    department: Option<&'static str>,
    title: &'a str,
    /// Doctors have a practising licence; technicians and engineers have not.
    licensed: bool,
    roles: &'a [&'a str],
    over: Over,
    shown_zh: String,
    shown_en: String,
}

/// Pinyin of the towns, for login names.
pub const TOWN_LOGINS: [(&str, &str); 12] = [
    ("昆仑", "kunlun"),
    ("溧城", "licheng"),
    ("古县", "guxian"),
    ("埭头", "daitou"),
    ("上黄", "shanghuang"),
    ("戴埠", "daibu"),
    ("天目湖", "tianmuhu"),
    ("别桥", "bieqiao"),
    ("上兴", "shangxing"),
    ("竹箦", "zhuze"),
    ("南渡", "nandu"),
    ("社渚", "shezhu"),
];

/// Hires everybody and opens their accounts.
pub async fn hire(ctx: &Ctx, county: &County, dice: &mut Dice) -> Result<Team> {
    let mut team = Team { principals: HashMap::new(), accounts: Vec::new(), staff_count: 0 };
    for post in central_posts(county) {
        team.employ(ctx, county, dice, post).await?;
    }
    for (town_name, login) in TOWN_LOGINS {
        let town = county.town(town_name)?;
        let technician = format!("tech.{login}");
        let shown = town_name == "天目湖";
        let post = Post {
            login: Some(&technician),
            place: &town.centre,
            department: Some("心电图室"),
            title: "技师",
            licensed: false,
            roles: &["ecg_technician"],
            over: Over::OwnPlace,
            shown_zh: if shown { format!("心电采集员 · {}", town.centre.name) } else { String::new() },
            shown_en: if shown { "ECG technician, town health centre".into() } else { String::new() },
        };
        team.employ(ctx, county, dice, post).await?;
        let post = Post {
            login: None,
            department: Some("全科门诊"),
            title: "主治医师",
            licensed: true,
            roles: &[],
            shown_zh: String::new(),
            shown_en: String::new(),
            ..Post::blank(&town.centre)
        };
        team.employ(ctx, county, dice, post).await?;
    }
    let lake = county.town("天目湖")?;
    let manager = Post {
        login: Some("manager.tianmuhu"),
        title: "副主任医师",
        licensed: true,
        roles: &["organisation_manager"],
        ..Post::blank(&lake.centre)
    };
    team.employ(ctx, county, dice, manager).await?;
    if let Some(clinic) = lake.clinics.iter().find(|clinic| clinic.name.ends_with("卫生室")) {
        let village = Post {
            login: Some("village.doctor"),
            title: "乡村医生",
            licensed: true,
            roles: &["ecg_technician"],
            shown_zh: format!("村医 · {}", clinic.name),
            shown_en: "Village doctor".into(),
            ..Post::blank(clinic)
        };
        team.employ(ctx, county, dice, village).await?;
    }
    Ok(team)
}

impl<'a> Post<'a> {
    fn blank(place: &'a Place) -> Self {
        Self {
            login: None,
            place,
            department: None,
            title: "",
            licensed: false,
            roles: &[],
            over: Over::OwnPlace,
            shown_zh: String::new(),
            shown_en: String::new(),
        }
    }
}

fn central_posts(county: &County) -> Vec<Post<'_>> {
    let post = |login, place, department, title, licensed, roles, over, zh: &str, en: &str| Post {
        login: Some(login),
        place,
        department: Some(department),
        title,
        licensed,
        roles,
        over,
        shown_zh: zh.to_owned(),
        shown_en: en.to_owned(),
    };
    let County { bureau, hospital, tcm_hospital, ecg_centre, provider, .. } = county;
    let (region, own) = (Over::Region, Over::OwnPlace);
    vec![
        post(
            "reader1",
            ecg_centre,
            "诊断组",
            "主治医师",
            true,
            &["ecg_reader"],
            region,
            "心电诊断医师 · 诊断中心",
            "ECG reader, diagnosis centre",
        ),
        post(
            "reader2",
            ecg_centre,
            "诊断组",
            "医师",
            true,
            &["ecg_reader"],
            region,
            "心电诊断医师（二）· 诊断中心",
            "Second ECG reader",
        ),
        post("reader3", ecg_centre, "诊断组", "主治医师", true, &["ecg_reader"], region, "", ""),
        post(
            "reviewer1",
            ecg_centre,
            "审核组",
            "主任医师",
            true,
            &["ecg_reviewer"],
            region,
            "心电审核医师 · 诊断中心",
            "ECG reviewer, diagnosis centre",
        ),
        post(
            "reviewer2",
            ecg_centre,
            "审核组",
            "副主任医师",
            true,
            &["ecg_reader", "ecg_reviewer"],
            region,
            "",
            "",
        ),
        post(
            "clinician",
            hospital,
            "心血管内科",
            "副主任医师",
            true,
            &["clinician"],
            own,
            "临床医师 · 溧阳市人民医院",
            "Clinician, county hospital",
        ),
        post(
            "tech.hospital",
            hospital,
            "心电图室",
            "主管技师",
            false,
            &["ecg_technician"],
            own,
            "心电采集员 · 溧阳市人民医院",
            "ECG technician, county hospital",
        ),
        post(
            "manager",
            hospital,
            "质控科",
            "主任医师",
            true,
            &["organisation_manager"],
            own,
            "机构负责人 · 溧阳市人民医院",
            "Manager, county hospital",
        ),
        post("clinician.emergency", hospital, "急诊科", "主治医师", true, &["clinician"], own, "", ""),
        post("clinician.tcm", tcm_hospital, "心病科", "主治医师", true, &["clinician"], own, "", ""),
        post("tech.tcm", tcm_hospital, "心电图室", "技师", false, &["ecg_technician"], own, "", ""),
        post(
            "bureau",
            bureau,
            "医政科",
            "主任科员",
            false,
            &["bureau_supervisor"],
            region,
            "卫健局监管员",
            "Bureau supervisor",
        ),
        post(
            "sysadmin",
            bureau,
            "信息中心",
            "工程师",
            false,
            &["system_admin"],
            region,
            "系统管理员",
            "System administrator",
        ),
        post(
            "secadmin",
            bureau,
            "信息中心",
            "工程师",
            false,
            &["security_admin"],
            region,
            "安全管理员",
            "Security administrator",
        ),
        post(
            "auditor",
            bureau,
            "信息中心",
            "高级工程师",
            false,
            &["audit_admin"],
            region,
            "审计管理员",
            "Audit administrator",
        ),
        post(
            "bureau.info",
            bureau,
            "信息中心",
            "高级工程师",
            false,
            &["bureau_information"],
            region,
            "卫健局信息科 · 服务合同甲方",
            "Bureau information section (party A)",
        ),
        post(
            "svc.lead",
            provider,
            "驻场组",
            "项目经理",
            false,
            &["project_lead"],
            region,
            "运维项目经理 · 服务合同乙方",
            "Provider's project lead (party B)",
        ),
        post(
            "svc.engineer",
            provider,
            "驻场组",
            "工程师",
            false,
            &["site_engineer"],
            region,
            "驻场工程师",
            "Engineer on site",
        ),
        post("svc.engineer2", provider, "驻场组", "工程师", false, &["site_engineer"], region, "", ""),
        post(
            "svc.duty",
            provider,
            "驻场组",
            "工程师",
            false,
            &["duty_engineer"],
            region,
            "值班工程师 · 服务台",
            "Duty engineer, service desk",
        ),
        post(
            "it.hospital",
            hospital,
            "质控科",
            "工程师",
            false,
            &["institution_contact"],
            own,
            "机构信息管理员 · 溧阳市人民医院",
            "Institution's administrator, county hospital",
        ),
        post(
            "finance",
            bureau,
            "信息中心",
            "会计师",
            false,
            &["contract_finance"],
            region,
            "合同财务",
            "Contract finance",
        ),
        post("contract.auditor", bureau, "信息中心", "审计师", false, &["contract_auditor"], region, "", ""),
    ]
}

impl Team {
    async fn employ(&mut self, ctx: &Ctx, county: &County, dice: &mut Dice, post: Post<'_>) -> Result<()> {
        let sex = if dice.chance(50) { Sex::Female } else { Sex::Male };
        let name = plausible_name(dice, sex);
        self.staff_count += 1;
        let number = self.staff_count;
        let new = NewStaff {
            name: name.clone(),
            sex,
            title: (!post.title.is_empty()).then(|| post.title.to_owned()),
            // 15 digits: class of licence, county, serial number.
            licence_number: post.licensed.then(|| format!("110320481{number:06}")),
            phone: Some(crate::residents::phone(dice)),
            organisation_id: post.place.id,
            department_id: post.department.and_then(|d| county.department(post.place, d)),
        };
        let staff_id = create_staff(ctx, new).await?;
        let Some(login) = post.login else { return Ok(()) };
        let account_id = create_account(ctx, staff_id, login, PASSWORD).await?;
        let scope = match post.over {
            Over::Region => &county.region,
            Over::OwnPlace => post.place,
        };
        let request = |role: &&str| RoleRequest {
            role: (*role).to_owned(),
            scope_organisation_id: scope.id,
            expires_at: None,
        };
        let requests: Vec<RoleRequest> = post.roles.iter().map(request).collect();
        set_roles(ctx, account_id, &requests).await?;
        let principal = Principal {
            kind: PrincipalKind::Staff,
            account_id: Some(account_id),
            staff_id: Some(staff_id),
            patient_id: None,
            session_id: None,
            display_name: name,
            organisation_id: Some(post.place.id),
            organisation_path: Some(post.place.path.clone()),
            roles: post
                .roles
                .iter()
                .map(|role| RoleGrant { role: (*role).to_owned(), scope: scope.path.clone() })
                .collect(),
            restricted: false,
        };
        self.principals.insert(login.to_owned(), principal);
        if !post.shown_zh.is_empty() {
            self.accounts.push(DemoAccount::new(login, post.shown_zh, post.shown_en, "staff"));
        }
        Ok(())
    }
}
