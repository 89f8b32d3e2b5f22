using FsCheck;
using FsCheck.Fluent;
using Homelab.Providers.UptimeKuma;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.UptimeKuma;

public sealed class HostileDeliveryTests
{
    private static readonly Dictionary<string, HostileBody> s_bodies = HostileBodies.All.ToDictionary(static b => b.Name, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. s_bodies.Keys];

    [Fact]
    public void There_are_at_least_two_hundred_hostile_bodies() => Assert.True(s_bodies.Count >= 200, $"There are {s_bodies.Count}.");

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hostile_body_is_read_as_what_it_says_or_refused_with_a_reason(string name)
    {
        var body = s_bodies[name];
        var (alerts, refusal) = Try(body);
        // Whatever is let through is about the monitor that was named, never about one that hides behind it.
        Assert.All(alerts, static alert => Assert.True(alert.Subject is "gitea" or "a" or "0" or null, alert.Subject));
        if (refusal is not null) Assert.Matches("expected|no JSON that can be read: .*at byte [0-9]+|no JSON that can be read: Duplicate", refusal.Message);
    }

    [Theory]
    [InlineData("heartbeat.status is \"0\"", "heartbeat.status is a string; expected 0 (down), 1 (up), 2 (pending) or 3 (maintenance)")]
    [InlineData("heartbeat.status is 7", "heartbeat.status is 7; expected 0 (down)")]
    [InlineData("heartbeat.time is null", "heartbeat.time is null; expected UTC such as")]
    [InlineData("monitor.name is []", "monitor.name is a list; expected a text")]
    [InlineData("monitor.id is {}", "monitor.id is an object; expected a number above 0")]
    [InlineData("heartbeat is []", "heartbeat is a list; expected an object or null")]
    [InlineData("an id that is another monitor's", "monitor.id is 2 but heartbeat.monitorID is 1")]
    [InlineData("heartbeat twice", "Duplicate")]
    [InlineData("status twice, once escaped", "Duplicate")]
    [InlineData("cut after 70 bytes", "at byte ")]
    [InlineData("broken UTF-8: 0xFF", "is 0xFF; expected UTF-8")]
    [InlineData("depth 10000, lists", "depth")]
    [InlineData("empty", "the body is empty")]
    [InlineData("a name written backwards", "monitor.name holds control or invisible characters")]
    [InlineData("a form without boundary", "form-data without a boundary")]
    [InlineData("a form with two parts of the name", "two parts named 'data'")]
    [InlineData("a form that never ends", "the form ends within the part at byte ")]
    [InlineData("GET with msg twice", "query field 'msg' is given twice")]
    [InlineData("a notice about something else", "msg is \"Domain name example.org will expire in 4 days\"")]
    public void A_refusal_says_what_is_wrong_and_where(string name, string says) => Assert.Contains(says, Try(s_bodies[name]).Refusal?.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("heartbeat.msg is null")]
    [InlineData("heartbeat.important is null")]
    [InlineData("monitor.url is null")]
    [InlineData("a message of 200 kB")]
    [InlineData("commands in the message")]
    [InlineData("an address with a password")]
    [InlineData("a prototype")]
    [InlineData("10000 fields")]
    public void What_is_odd_but_clear_is_read(string name)
    {
        var alert = Assert.Single(Try(s_bodies[name]).Alerts);
        Assert.Equal("gitea", alert.Subject);
        Assert.True(alert.Message.Length <= 500 && ForeignText.IsClean(alert.Message));
    }

    [Fact]
    public void Any_bytes_at_all_are_read_or_refused() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll<byte[], byte>((bytes, kind) =>
        {
            _ = Try(new HostileBody("random", bytes) { ContentType = kind % 2 == 0 ? "application/json" : "multipart/form-data; boundary=a" });
        }));

    [Fact]
    public void A_good_body_with_any_few_bytes_changed_is_read_or_refused()
    {
        var good = Payload.Read("body-down-503.json");
        var form = HostileBodies.All.Single(static b => b.Name == "a form with another part");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll<(PositiveInt, byte, PositiveInt, byte)>(change =>
        {
            var (at, value, at2, value2) = change;
            foreach (var body in new[] { new HostileBody("changed", [.. good]), form with { Body = [.. form.Body] } })
            {
                body.Body[at.Get * 7 % body.Body.Length] = value;
                body.Body[at2.Get * 13 % body.Body.Length] = value2;
                _ = Try(body);
            }
        }));
    }

    [Fact]
    public void Any_query_is_read_or_refused() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll<string, string>((a, b) =>
        {
            _ = Try(new HostileBody("random", []) { Method = "GET", Query = $"{a}&msg={b}&heartbeat={a}" });
            _ = Try(new HostileBody("random", []) { ContentType = a ?? "", Method = "POST" });
        }));

    private static (IReadOnlyList<Alert> Alerts, HomelabException? Refusal) Try(HostileBody body)
    {
        try
        {
            var alerts = new KumaAlertSource().Read(new AlertDelivery(body.Method, body.ContentType, body.Query, body.Body, DateTimeOffset.UnixEpoch));
            Assert.NotEmpty(alerts);
            return (alerts, null);
        }
        catch (HomelabException e)
        {
            Assert.Equal((ErrorKind.Invalid, "AlertUnreadable"), (e.Kind, e.Id));
            Assert.True(e.Message.Length < 600 && ForeignText.IsClean(e.Message), e.Message);
            return ([], e);
        }
    }
}
