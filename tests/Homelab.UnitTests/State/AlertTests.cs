using Homelab.State;

namespace Homelab.UnitTests.State;

public abstract class AlertTests(StateBed state) : StoreTests(state)
{
    [Fact]
    public async Task A_new_alert_opens_its_incident()
    {
        var alert = Make.Alert();
        var incident = Make.Incident(alert: alert.Id);

        var receipt = await Store.AcceptAsync(alert, incident, Cancellation);

        Assert.Equal(new AlertReceipt(alert.Id, IsDuplicate: false, incident, Opened: true), receipt);
        Assert.Equal([incident], await Store.ListOpenIncidentsAsync(Cancellation));
        Assert.Equal([alert with { Incident = incident.Id }], await Store.ListAlertsAsync(incident.Id, Cancellation));
    }

    [Fact]
    public async Task An_alert_that_opens_nothing_is_kept()
    {
        var alert = Make.Alert(service: null);

        var receipt = await Store.AcceptAsync(alert, opens: null, Cancellation);

        Assert.Equal(new AlertReceipt(alert.Id, IsDuplicate: false, Incident: null, Opened: false), receipt);
        Assert.Equal([alert], await Store.ListAlertsAsync(10, Cancellation));
    }

    [Fact]
    public async Task A_repetition_gets_the_first_one_s_receipt()
    {
        var first = Make.Alert(fingerprint: "same");
        var incident = Make.Incident(alert: first.Id);
        await Store.AcceptAsync(first, incident, Cancellation);

        var receipt = await Store.AcceptAsync(Make.Alert(fingerprint: "same"), Make.Incident(), Cancellation);

        Assert.Equal(new AlertReceipt(first.Id, IsDuplicate: true, incident, Opened: false), receipt);
        Assert.Single(await Store.ListAlertsAsync(10, Cancellation));
    }

    [Fact]
    public async Task A_repetition_after_the_incident_was_closed_opens_nothing()
    {
        var first = Make.Alert(fingerprint: "same");
        var incident = Make.Incident(alert: first.Id);
        await Store.AcceptAsync(first, incident, Cancellation);
        await Store.SaveAsync(new HealingChange { Incident = incident with { Status = IncidentStatus.Recovered, ClosedAt = Make.Noon } }, Cancellation);

        var receipt = await Store.AcceptAsync(Make.Alert(fingerprint: "same"), Make.Incident(), Cancellation);

        Assert.True(receipt.IsDuplicate);
        Assert.False(receipt.Incident!.IsOpen);
        Assert.Empty(await Store.ListOpenIncidentsAsync(Cancellation));
    }

    [Fact]
    public async Task A_repetition_of_an_alert_without_incident_has_none()
    {
        await Store.AcceptAsync(Make.Alert(fingerprint: "same"), opens: null, Cancellation);

        Assert.Null((await Store.AcceptAsync(Make.Alert(fingerprint: "same"), Make.Incident(), Cancellation)).Incident);
    }

    [Fact]
    public async Task Fingerprints_of_two_sources_are_not_mixed_up()
    {
        await Store.AcceptAsync(Make.Alert(fingerprint: "same"), opens: null, Cancellation);

        Assert.False((await Store.AcceptAsync(Make.Alert(fingerprint: "same", source: "docker"), opens: null, Cancellation)).IsDuplicate);
    }

    [Fact]
    public async Task Another_alert_of_a_service_joins_its_open_incident()
    {
        var incident = Make.Incident();
        await Store.AcceptAsync(Make.Alert(), incident, Cancellation);
        var second = Make.Alert();

        var receipt = await Store.AcceptAsync(second, Make.Incident(), Cancellation);
        var third = await Store.AcceptAsync(Make.Alert(), opens: null, Cancellation);

        Assert.Equal(new AlertReceipt(second.Id, IsDuplicate: false, incident, Opened: false), receipt);
        Assert.Equal(incident, third.Incident);
        Assert.Equal(3, (await Store.ListAlertsAsync(incident.Id, Cancellation)).Count);
    }

    [Fact]
    public async Task A_service_whose_incident_is_closed_gets_a_new_one()
    {
        var old = Make.Incident();
        await Store.AcceptAsync(Make.Alert(), old, Cancellation);
        await Store.SaveAsync(new HealingChange { Incident = old with { ClosedAt = Make.Noon } }, Cancellation);

        var receipt = await Store.AcceptAsync(Make.Alert(), Make.Incident(), Cancellation);

        Assert.True(receipt.Opened);
    }

    [Fact]
    public async Task Of_many_alerts_at_once_for_a_service_one_opens_an_incident()
    {
        var receipts = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => Store.AcceptAsync(Make.Alert(), Make.Incident(), Cancellation))));

        Assert.Single(receipts, r => r.Opened);
        Assert.Single(receipts.Select(r => r.Incident!.Id).Distinct());
        Assert.Equal(100, (await Store.ListAlertsAsync(receipts[0].Incident!.Id, Cancellation)).Count);
    }

    [Fact]
    public async Task The_same_alert_many_times_at_once_is_taken_in_once()
    {
        var receipts = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => Store.AcceptAsync(Make.Alert(fingerprint: "same"), Make.Incident(), Cancellation))));

        Assert.Single(receipts, r => !r.IsDuplicate);
        Assert.Single(receipts.Select(r => r.Alert).Distinct());
    }

    [Fact]
    public async Task Alerts_are_listed_in_the_order_they_came()
    {
        var incident = Make.Incident();
        var alerts = Enumerable.Range(0, 5).Select(_ => Make.Alert()).ToArray();
        foreach (var alert in alerts) await Store.AcceptAsync(alert, incident, Cancellation);

        Assert.Equal(alerts.Select(a => a.Id), (await Store.ListAlertsAsync(incident.Id, Cancellation)).Select(a => a.Id));
        Assert.Equal(alerts.Reverse().Take(3).Select(a => a.Id), (await Store.ListAlertsAsync(3, Cancellation)).Select(a => a.Id));
        Assert.Empty(await Store.ListAlertsAsync(0, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ListAlertsAsync(-1, Cancellation));
    }

    [Fact]
    public async Task Text_that_looks_like_sql_is_only_text()
    {
        var alert = Make.Alert(service: "x'; DROP TABLE alerts; --", message: "'); DELETE FROM incidents; --");

        await Store.AcceptAsync(alert, Make.Incident("x'; DROP TABLE alerts; --"), Cancellation);

        Assert.Equal(alert.Alert, Assert.Single(await Store.ListAlertsAsync(10, Cancellation)).Alert);
        Assert.Single(await Store.ListOpenIncidentsAsync(Cancellation));
    }
}

public sealed class SqliteAlertTests() : AlertTests(new StateFile());

public sealed class PostgresAlertTests() : AlertTests(new StateServer());
