using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Homelab.State;

namespace Homelab.UnitTests.State;

/// <summary>Foreign text comes back as it went in; only halves of surrogate pairs, which no encoding has, become U+FFFD.</summary>
public abstract class OddTextTests(StateBed state) : StoreTests(state)
{
    private const int Cases = 200;
    private const int Size = 30;

    private static readonly string[] s_odd =
        ["", "\0", "a\0b", "'", "\"", "''; --", "\\", "\ud83d", "\ude00", "😀", "\ud83d\ud83d\ude00", "\u202e", "\ufeff", "\uffff", "\r\n", "\t", "%00", "{{ x }}", "é", "\u0301", "\u007f", new('x', 5000)];


    [Fact]
    public async Task Alerts_and_incidents_come_back()
    {
        foreach (var texts in Samples())
        {
            var id = Make.Id();
            var (alert, incident) = (AlertOf(texts, id), IncidentOf(texts, id));

            await Store.AcceptAsync(alert, incident, Cancellation);

            var clean = texts.Select(Clean).ToArray();
            Assert.Equal(IncidentOf(clean, id), await Store.FindIncidentAsync(id, Cancellation));
            Assert.Equal(AlertOf(clean, id), Assert.Single(await Store.ListAlertsAsync(id, Cancellation)));
            Assert.True((await Store.AcceptAsync(AlertOf(texts, id) with { Id = Make.Id() }, null, Cancellation)).IsDuplicate);
        }
    }

    [Fact]
    public async Task Changes_and_approvals_come_back()
    {
        foreach (var texts in Samples())
        {
            var id = Make.Id();
            var approval = ApprovalOf(texts, id);

            await Store.AddApprovalAsync(approval, Make.Line(AuditKind.Asked), Cancellation);
            await Store.BeginAsync(ChangeOf(texts, id) with { Status = ChangeStatus.Open }, Make.Limits, static _ => [], Make.Line(), Cancellation);
            await Store.EndAsync(ChangeOf(texts, id), Make.Line(AuditKind.Outcome), Cancellation);

            var clean = texts.Select(Clean).ToArray();
            Assert.Equal(ChangeOf(clean, id), (await Store.BeginAsync(ChangeOf(texts, id) with { Status = ChangeStatus.Open }, Make.Limits, static _ => [], Make.Line(), Cancellation)).Existing);
            Assert.Equivalent(ApprovalOf(clean, id), await Store.FindApprovalAsync(id, Cancellation), strict: true);
        }
    }

    [Fact]
    public async Task Runs_steps_and_notices_come_back()
    {
        var incident = Make.Incident();
        await Store.SaveAsync(new HealingChange { Incident = incident }, Cancellation);
        foreach (var texts in Samples())
        {
            var run = Make.Run(incident) with { Evidence = texts, Runbook = texts[0] };
            var step = Make.Step(run, texts[1]) with { Result = texts[2], Error = texts[3], Approval = texts[4] };
            var notice = Make.Notice(Make.Id()) with { Text = texts[5], Incident = texts[6] };

            await Store.SaveAsync(new HealingChange { Run = run, Steps = [step], Notices = [notice] }, Cancellation);

            var clean = texts.Select(Clean).ToArray();
            var read = Assert.Single(await Store.ListRunsAsync(incident.Id, Cancellation), r => r.Id == run.Id);
            Assert.Equal(clean, read.Evidence);
            Assert.Equal(clean[0], read.Runbook);
            Assert.Equal([step with { Step = clean[1], Result = clean[2], Error = clean[3], Approval = clean[4] }], await Store.ListStepsAsync(run.Id, Cancellation));
            Assert.Contains(notice with { Text = clean[5], Incident = clean[6] }, await Store.ListUnsentAsync(Cancellation));
        }
    }

    [Fact]
    public async Task The_audit_holds_whatever_its_lines_say()
    {
        foreach (var texts in Samples()) await Store.AppendAuditAsync(LineOf(texts), durable: false, Cancellation);

        var lines = await Store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation);

        Assert.Equal(Samples().Select(t => LineOf([.. t.Select(Clean)])), lines.Select(l => l with { Sequence = 0, Hash = "", PreviousHash = "" }));
        Assert.True((await AuditChain.VerifyAsync(lines.ToAsyncEnumerable(), Cancellation)).Intact);
    }

    // The same samples in each call, so that a failure can be seen again.
    private static string[][] Samples()
    {
        var character = Gen.Choose(0, char.MaxValue).Select(c => (char)c);
        var text = Gen.OneOf(Gen.Elements(s_odd), character.ArrayOf().Select(c => new string(c)), Gen.Elements(s_odd).ArrayOf(3).Select(string.Concat));
        return [.. text.ArrayOf(8).Sample(Size, new Rnd(11, 1), Cases)];
    }

    private static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static AlertRecord AlertOf(string[] t, string id) => new()
    {
        Id = id,
        Hook = t[0],
        Alert = new Alert { Source = t[1], Status = AlertStatus.Certificate, Subject = t[2], SubjectId = t[3], Address = t[4], Message = t[5], At = Make.Noon, Fingerprint = id + t[6] },
        ReceivedAt = Make.Noon,
        Service = t[7],
        Incident = id,
    };

    private static Incident IncidentOf(string[] t, string id) => new()
    {
        Id = id,
        Service = t[7],
        Status = IncidentStatus.Healing,
        Alert = t[0],
        Message = t[1],
        Caller = CallerOf(t),
        OpenedAt = Make.Noon,
        DueAt = Make.Noon,
        // A service has one that is open.
        ClosedAt = Make.Noon,
        Runbook = t[2],
        Root = t[3],
        Summary = t[4],
        Owner = t[5],
    };

    private static ChangeRecord ChangeOf(string[] t, string id) => new()
    {
        Id = id,
        Key = id + t[0],
        Operation = t[1],
        Input = t[2],
        Target = t[3],
        Risk = Risk.Destroy,
        Caller = CallerOf(t),
        Mark = t[4],
        Owner = t[5],
        StartedAt = Make.Noon,
        EndedAt = Make.Noon,
        Status = ChangeStatus.Unknown,
        Result = t[6],
        Error = t[7],
    };

    private static Approval ApprovalOf(string[] t, string id) => new()
    {
        Id = id,
        Operation = t[0],
        Input = t[1],
        Hash = id + t[2],
        Target = t[3],
        Question = t[4],
        Reason = t[5],
        RequestedBy = CallerOf(t),
        RequestedAt = Make.Noon,
        ExpiresAt = Make.Noon,
        Needed = 2,
        Confirmations = [new Confirmation(t[6], Make.Noon, TypedTarget: true)],
        Status = ApprovalStatus.Denied,
        DeniedBy = t[7],
        Version = 3,
    };

    private static AuditEntry LineOf(string[] t) => new()
    {
        Time = Make.Noon,
        Kind = AuditKind.Denied,
        Operation = t[0],
        Target = t[1],
        Trigger = t[2],
        Identity = t[3],
        Decision = t[4],
        Result = t[5],
        Error = t[6],
        Incident = t[7],
        Run = t[0],
        Change = t[1],
        Approval = t[2],
    };

    private static Caller CallerOf(string[] t) => new(Face.Rest, t[6]) { Ceiling = Level.Configure, Incident = t[7], Run = t[0] };
}

public sealed class SqliteOddTextTests() : OddTextTests(new StateFile());

public sealed class PostgresOddTextTests() : OddTextTests(new StateServer());
