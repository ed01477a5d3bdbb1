//! The organisation tree of the county: real towns and villages, institutions with plain names.

use crate::divisions::{DivisionKind, divisions};
use identity::{NewOrganisation, create_department, create_organisation, find_organisation_by_code};
use kernel::{DepartmentId, Error, OrganisationId, Result};
use platform::{Ctx, OrgPath};
use ports::identity::OrganisationKind;
use std::collections::HashMap;

/// An institution of the demo county.
#[derive(Clone, Debug)]
pub struct Place {
    pub id: OrganisationId,
    pub path: OrgPath,
    pub name: String,
}

/// A town health centre and the clinics below it.
#[derive(Clone, Debug)]
pub struct Town {
    /// Name of the town without its suffix, such as 天目湖.
    pub short_name: String,
    pub centre: Place,
    pub clinics: Vec<Place>,
}

/// The whole tree.
#[derive(Clone, Debug)]
pub struct County {
    pub region: Place,
    pub bureau: Place,
    pub hospital: Place,
    pub tcm_hospital: Place,
    pub ecg_centre: Place,
    pub provider: Place,
    pub towns: Vec<Town>,
    /// By organisation and name.
    departments: HashMap<(OrganisationId, &'static str), DepartmentId>,
}

impl County {
    pub fn department(&self, place: &Place, name: &'static str) -> Option<DepartmentId> {
        self.departments.get(&(place.id, name)).copied()
    }

    pub fn town(&self, short_name: &str) -> Result<&Town> {
        let found = self.towns.iter().find(|town| town.short_name == short_name);
        found.ok_or_else(|| Error::internal(format!("the demo county has no town {short_name}")))
    }
}

/// The two prison units of the county have division codes of their own and no town; their clinics lie below this town.
const TOWN_OF_SPECIAL_AREAS: &str = "320481111";

/// What a place is registered with.
struct Entry<'a> {
    kind: OrganisationKind,
    code: &'a str,
    name: String,
    short_name: Option<&'a str>,
    address: Option<String>,
}

async fn add(ctx: &Ctx, parent: Option<&Place>, entry: Entry<'_>) -> Result<Place> {
    let new = NewOrganisation {
        parent_id: parent.map(|p| p.id),
        kind: entry.kind,
        code: entry.code.to_owned(),
        name: entry.name.clone(),
        short_name: entry.short_name.map(ToOwned::to_owned),
        address: entry.address,
        phone: None,
        longitude: None,
        latitude: None,
    };
    let id = create_organisation(ctx, new).await?;
    let found = find_organisation_by_code(ctx, entry.code).await?;
    let (_, path) = found.ok_or_else(|| Error::internal("an organisation vanished"))?;
    Ok(Place { id, path: OrgPath::new(path)?, name: entry.name })
}

/// Builds the tree.
pub async fn build(ctx: &Ctx) -> Result<County> {
    use OrganisationKind as Kind;
    let fixed =
        |kind, code, name: &str| Entry { kind, code, name: name.to_owned(), short_name: None, address: None };
    let region = add(ctx, None, fixed(Kind::Region, "320481", "溧阳市")).await?;
    let bureau = add(ctx, Some(&region), fixed(Kind::Bureau, "320481-B01", "溧阳市卫生健康局")).await?;
    let hospital =
        add(ctx, Some(&region), fixed(Kind::CountyHospital, "320481-H01", "溧阳市人民医院")).await?;
    let tcm_hospital =
        add(ctx, Some(&region), fixed(Kind::CountyHospital, "320481-H02", "溧阳市中医医院")).await?;
    let ecg_centre =
        add(ctx, Some(&region), fixed(Kind::DiagnosisCentre, "320481-E01", "溧阳市区域心电诊断中心")).await?;
    let towns = build_towns(ctx, &region).await?;
    let provider =
        add(ctx, Some(&region), fixed(Kind::ServiceProvider, "320481-P01", "溧阳区域医疗信息服务商")).await?;
    let mut county = County {
        region,
        bureau,
        hospital,
        tcm_hospital,
        ecg_centre,
        provider,
        towns,
        departments: HashMap::new(),
    };
    build_departments(ctx, &mut county).await?;
    Ok(county)
}

async fn build_towns(ctx: &Ctx, region: &Place) -> Result<Vec<Town>> {
    use OrganisationKind as Kind;
    let all = divisions()?;
    let mut towns = Vec::new();
    for division in &all {
        let (short_name, name) = match division.kind {
            DivisionKind::Subdistrict => {
                (division.name.trim_end_matches("街道"), format!("{}社区卫生服务中心", division.name))
            }
            DivisionKind::Town => (division.name.trim_end_matches('镇'), format!("{}卫生院", division.name)),
            _ => continue,
        };
        let entry = Entry {
            kind: Kind::TownHealthCentre,
            code: division.code,
            name,
            short_name: Some(division.name),
            address: Some(format!("江苏省溧阳市{}", division.name)),
        };
        let centre = add(ctx, Some(region), entry).await?;
        let mut clinics = Vec::new();
        for village in all.iter().filter(|v| v.code.len() == 12) {
            let special = village.kind == DivisionKind::SpecialArea;
            if village.parent != division.code && !(special && division.code == TOWN_OF_SPECIAL_AREAS) {
                continue;
            }
            let name = match village.kind {
                DivisionKind::Community => format!("{}卫生服务站", village.name),
                DivisionKind::SpecialArea => format!("{}医务室", village.name.trim_end_matches("虚拟社区")),
                _ => format!("{}卫生室", village.name),
            };
            let address = (!special).then(|| format!("江苏省溧阳市{}{}", division.name, village.name));
            let entry =
                Entry { kind: Kind::VillageClinic, code: village.code, name, short_name: None, address };
            clinics.push(add(ctx, Some(&centre), entry).await?);
        }
        towns.push(Town { short_name: short_name.to_owned(), centre, clinics });
    }
    Ok(towns)
}

async fn build_departments(ctx: &Ctx, county: &mut County) -> Result<()> {
    let mut wanted: Vec<(Place, &[&'static str])> = vec![
        (county.bureau.clone(), &["信息中心", "医政科"]),
        (
            county.hospital.clone(),
            &["心血管内科", "急诊科", "心电图室", "普通外科", "呼吸内科", "病案室", "质控科"],
        ),
        (county.tcm_hospital.clone(), &["心病科", "急诊科", "心电图室", "针灸科"]),
        (county.ecg_centre.clone(), &["诊断组", "审核组"]),
        (county.provider.clone(), &["驻场组"]),
    ];
    wanted.extend(county.towns.iter().map(|town| -> (Place, &[&'static str]) {
        (town.centre.clone(), &["全科门诊", "心电图室"])
    }));
    for (place, names) in wanted {
        for name in names {
            let input = identity::DepartmentInput { name: (*name).to_owned(), code: None };
            let id = create_department(ctx, place.id, input).await?;
            county.departments.insert((place.id, *name), id);
        }
    }
    Ok(())
}
