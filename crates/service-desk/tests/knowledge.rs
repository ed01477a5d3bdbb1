//! The knowledge base: from a solved ticket to an article that others find.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod support;

use serde_json::{Value, json};
use support::{County, county, open, set_clock, step};

fn at(article: &Value) -> String {
    format!("/service/knowledge/{}", article["id"].as_str().unwrap())
}

async fn write(county: &County, title: &str, audience: &str) -> Value {
    let body = json!({
        "title": title, "audience": audience, "item_codes": ["ecg"], "tags": ["打印"],
        "symptom": "点击打印没有反应，或提示找不到打印机", "cause": "默认打印机被改掉",
        "solution": "1. 打开系统设置\n2. 重新选择默认打印机\n3. 打印测试页",
    });
    county.app.post(&county.engineer, "/service/knowledge", body).await.ok(201)
}

async fn publish(county: &County, article: &Value) -> Value {
    step(county, &county.engineer, &at(article), json!({"step": "submit"})).await.ok(200);
    step(county, &county.lead, &at(article), json!({"step": "publish"})).await.ok(200)
}

fn titles(found: &Value) -> Vec<&str> {
    found.as_array().unwrap().iter().map(|a| a["title"].as_str().unwrap()).collect()
}

/// `/service/knowledge/search` with the text percent-encoded.
fn search(text: &str) -> String {
    let encoded: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    format!("/service/knowledge/search?q={encoded}")
}

#[tokio::test]
async fn what_an_engineer_learned_is_published_by_another_found_by_the_hospital_and_cited_by_the_next_ticket()
{
    let county = county("2025-03-03T09:00:00").await;
    county
        .app
        .post(
            &county.hospital,
            "/service/knowledge",
            json!({"title": "x", "audience": "everybody", "symptom": "x", "solution": "x"}),
        )
        .await
        .problem(403, "forbidden");
    let article = write(&county, "心电报告打印不出来", "everybody").await;
    assert_eq!((&article["state"], &article["version"]), (&json!("draft"), &json!(0)));
    // Nobody but editors sees a draft, nor finds it.
    county.app.get(&county.hospital, &at(&article)).await.problem(404, "not_found");
    assert!(titles(&county.app.get(&county.lead, &search("打印")).await.ok(200)).is_empty());
    step(&county, &county.engineer, &at(&article), json!({"step": "submit"})).await.ok(200);
    step(&county, &county.engineer, &at(&article), json!({"step": "publish"}))
        .await
        .problem(409, "own_article");
    let told = county.app.get(&county.lead, "/service/notices").await.ok(200);
    assert_eq!(told["items"][0]["code"], "article_review");
    let back = json!({"step": "return", "reason": "请写明驱动版本"});
    let returned = step(&county, &county.lead, &at(&article), back).await.ok(200);
    assert_eq!((&returned["state"], &returned["remark"]), (&json!("draft"), &json!("请写明驱动版本")));
    let published = publish(&county, &article).await;
    assert_eq!((&published["state"], &published["version"]), (&json!("published"), &json!(1)));

    // The hospital types what it sees; a ticket is answered with the article, which counts it once.
    let found = county.app.get(&county.hospital, &search("报告打印不了")).await.ok(200);
    assert_eq!(titles(&found), ["心电报告打印不出来"]);
    assert!(found[0]["matched"].as_array().unwrap().contains(&json!("打印")));
    let seen = county.app.get(&county.town, &at(&article)).await.ok(200);
    assert_eq!((&seen["votes"], &seen["versions"]), (&json!([]), &json!([])));
    assert_eq!(seen["allowed_actions"], json!(["vote"]));
    let ticket = open(&county, "fault", "2025-03-03T09:00:00").await;
    let path = format!("/service/tickets/{}", ticket["id"].as_str().unwrap());
    let unknown = json!({"step": "resolve", "solution": "按知识库处理", "article_id": ticket["id"]});
    step(&county, &county.engineer, &path, unknown).await.problem(422, "validation_failed");
    let solve = json!({"step": "resolve", "solution": "按知识库处理", "cause": "打印机", "article_id": article["id"]});
    let solved = step(&county, &county.engineer, &path, solve).await.ok(200);
    let resolved = solved["journal"].as_array().unwrap().iter().find(|e| e["what"]["event"] == "resolved");
    assert_eq!(resolved.unwrap()["what"]["article"], article["number"]);

    // Readers say whether it helped; the last word of each counts, and the author is told of what was missing.
    for (who, helpful) in [(&county.hospital, true), (&county.town, true), (&county.town, false)] {
        let body = json!({"step": "vote", "helpful": helpful, "comment": "缺少截图"});
        step(&county, who, &at(&article), body).await.ok(200);
    }
    let now = county.app.get(&county.engineer, &at(&article)).await.ok(200);
    assert_eq!((&now["used"], &now["helpful"], &now["unhelpful"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(now["votes"][0]["comment"], "缺少截图");
    let told = county.app.get(&county.engineer, "/service/notices").await.ok(200);
    // All of them at one moment of the standing clock, so in any order.
    let mut codes: Vec<&str> =
        told["items"].as_array().unwrap().iter().map(|n| n["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["article_published", "article_returned", "article_unhelpful"]);
    let audited = county.app.audit_actions().await;
    assert!(audited.contains(&("service_article_changed".into(), "allowed".into())));
    assert!(audited.contains(&("knowledge_edit".into(), "denied".into())));
}

#[tokio::test]
async fn a_published_article_stays_readable_while_it_is_rewritten_and_goes_when_it_is_withdrawn() {
    let county = county("2025-03-03T09:00:00").await;
    let article = publish(&county, &write(&county, "报告打印空白", "everybody").await).await;
    let mut body = json!({
        "title": "报告打印空白或缺页", "audience": "everybody", "item_codes": ["ecg"], "tags": [],
        "symptom": "纸上没有内容", "cause": "", "solution": "缩放设为 100%",
    });
    let save = json!({"step": "save", "article": body, "row_version": article["row_version"]});
    let saved = step(&county, &county.lead, &at(&article), save.clone()).await.ok(200);
    assert_eq!((&saved["state"], &saved["version"]), (&json!("draft"), &json!(1)));
    // Two people cannot overwrite each other unseen.
    step(&county, &county.engineer, &at(&article), save).await.problem(409, "stale_version");
    let seen = county.app.get(&county.hospital, &at(&article)).await.ok(200);
    assert_eq!((&seen["title"], &seen["state"]), (&json!("报告打印空白"), &json!("published")));
    assert!(seen["solution"].as_str().unwrap().contains("默认打印机"));
    assert_eq!(titles(&county.app.get(&county.hospital, &search("缺页")).await.ok(200)), Vec::<&str>::new());

    step(&county, &county.lead, &at(&article), json!({"step": "submit"})).await.ok(200);
    step(&county, &county.lead, &at(&article), json!({"step": "publish"})).await.problem(409, "own_article");
    let newer = step(&county, &county.engineer, &at(&article), json!({"step": "publish"})).await.ok(200);
    let versions: Vec<&Value> = newer["versions"].as_array().unwrap().iter().map(|v| &v["version"]).collect();
    assert_eq!(versions, [2, 1]);
    assert_eq!(
        titles(&county.app.get(&county.hospital, &search("缺页")).await.ok(200)),
        ["报告打印空白或缺页"]
    );

    // A year later somebody should read it again.
    set_clock(&county.app, "2026-03-04T09:00:00");
    let stale = county.app.get(&county.lead, "/service/knowledge?stale=true").await.ok(200);
    assert_eq!((stale["items"].as_array().unwrap().len(), &stale["items"][0]["stale"]), (1, &json!(true)));

    let why = json!({"step": "withdraw", "reason": "系统已升级"});
    step(&county, &county.lead, &at(&article), why).await.ok(200);
    county.app.get(&county.hospital, &at(&article)).await.problem(404, "not_found");
    assert!(titles(&county.app.get(&county.lead, &search("缺页")).await.ok(200)).is_empty());
    let restored = step(&county, &county.lead, &at(&article), json!({"step": "restore"})).await.ok(200);
    assert_eq!(restored["state"], "draft");
    // Bad input is refused with its place.
    body["item_codes"] = json!(["no-such-item"]);
    county
        .app
        .post(&county.engineer, "/service/knowledge", body.clone())
        .await
        .problem(422, "validation_failed");
    body["item_codes"] = json!([]);
    body["tags"] = json!((0..11).map(|n| format!("标签{n}")).collect::<Vec<_>>());
    county.app.post(&county.engineer, "/service/knowledge", body).await.problem(422, "validation_failed");
}

#[tokio::test]
async fn what_only_engineers_may_know_stays_with_them_and_what_is_missing_is_listed() {
    let county = county("2025-03-03T09:00:00").await;
    let article = publish(&county, &write(&county, "数据库打印队列清理", "provider").await).await;
    county.app.get(&county.hospital, &at(&article)).await.problem(404, "not_found");
    assert!(titles(&county.app.get(&county.hospital, &search("打印队列")).await.ok(200)).is_empty());
    assert!(
        county.app.get(&county.hospital, "/service/knowledge").await.ok(200)["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert_eq!(
        titles(&county.app.get(&county.duty, &search("打印队列")).await.ok(200)),
        ["数据库打印队列清理"]
    );

    // Nothing was found twice, and once by the program itself, which counts nothing; a number is not kept.
    for text in ["血糖仪连不上", "血糖仪连不上", "13800000000 登录失败"] {
        county.app.get(&county.town, &search(text)).await.ok(200);
    }
    county.app.get(&county.town, &format!("{}&suggestion=true", search("血压计"))).await.ok(200);
    county.app.get(&county.town, "/service/knowledge/misses").await.problem(403, "forbidden");
    let misses = county.app.get(&county.engineer, "/service/knowledge/misses").await.ok(200);
    let listed: Vec<(&Value, &Value)> =
        misses.as_array().unwrap().iter().map(|m| (&m["query"], &m["times"])).collect();
    assert_eq!(
        listed,
        [(&json!("打印队列"), &json!(1)), (&json!("血糖仪连不上"), &json!(2))]
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
    );
    let dismiss = json!({"query": "打印队列"});
    let gone = county.app.post(&county.engineer, "/service/knowledge/misses/dismiss", dismiss.clone()).await;
    assert_eq!(gone.status, 204);
    county
        .app
        .post(&county.engineer, "/service/knowledge/misses/dismiss", dismiss)
        .await
        .problem(404, "not_found");
}
