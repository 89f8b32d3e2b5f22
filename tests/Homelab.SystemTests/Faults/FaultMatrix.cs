using Homelab.SystemTests.Faults.Troubles;
using static Homelab.SystemTests.Faults.AlertOrigin;
using static Homelab.SystemTests.Faults.FaultScenario;
using static Homelab.SystemTests.Faults.RowEnd;

namespace Homelab.SystemTests.Faults;

/// <summary>Who tells, of what, what goes wrong besides, how it must end, how many changes may have been asked for, and how many messages a person may have got.</summary>
internal static class FaultMatrix
{
    internal static IReadOnlyList<FaultRow> Rows { get; } =
    [
        new(Kuma, Crash, Kills.AfterTheIntent, Healed, 1, 1),
        new(Alertmanager, Crash, Kills.WhileTheEngineHangs, Healed, 2, 1),
        new(Netdata, Crash, Kills.BeforeTheAlertIsKept, Healed, 1, 1),
        new(Json, DnsOutage, Kills.BeforeTheOutcome, Healed, 1, 1),
        new(Beszel, GuestDown, Kills.AfterTheAlertIsKept, Healed, 1, 1),
        new(Alertmanager, DnsOutage, Kills.BeforeItIsClosed, Healed, 1, 1),
        new(DockerEvents, Crash, Kills.DuringTheChange, Healed, new(1, 2), 1),
        new(Prometheus, Crash, Kills.DuringTheChange, Healed, new(1, 2), 1),
        new(Probe, Crash, Kills.DuringTheChange, Healed, new(1, 2), 1),
        new(Beszel, GuestDownAndAsked, Kills.DuringTheChange, Healed, new(1, 2), new(1, 2)),
        new(Kuma, Certificate, Kills.WhileAPersonIsAsked, Healed, 1, 2),

        new(Kuma, Crash, Hangs.EngineOnEveryChange, Escalated, new(1, 3), 2),
        new(Json, Crash, Hangs.EngineOnOneChange, Healed, 2, 1),
        new(Netdata, Crash, Hangs.EngineOnOneLook, Healed, 1, 1),
        new(Netdata, Memory, Hangs.EngineOnOneLook, Escalated, 0, 1),
        new(Alertmanager, GuestDown, Hangs.Hypervisor, Escalated, new(1, 2), 1),
        new(Beszel, GuestDown, Hangs.Hypervisor, Escalated, new(1, 2), 1),
        new(Probe, Stuck, Hangs.Service, Healed, 1, 1),
        new(Prometheus, DnsSilent, Hangs.Service, Healed, 1, 1),
        new(DockerEvents, Crash, Hangs.Chat, Healed, 1, 1),
        new(Kuma, Crash, Hangs.OtherSender, Healed, 1, 1),

        new(Kuma, Crash, Refusals.WrongToken, Healed, 1, 1) { Door = 401 },
        new(Alertmanager, DnsOutage, Refusals.OldVersion, Healed, 1, 1) { Door = 400 },
        new(Json, Crash, Refusals.OddState, Healed, 1, 1) { Door = 400 },
        new(Beszel, GuestDown, Refusals.OddTitle, Healed, 1, 1) { Door = 400 },
        new(Netdata, Crash, Refusals.TooLong, Healed, 1, 1) { Door = 413 },
        new(DockerEvents, Crash, Refusals.EngineAlways, Escalated, 3, 2),
        new(Kuma, Crash, Refusals.EngineOnce, Healed, 2, 1),
        new(Alertmanager, GuestDown, Refusals.Hypervisor, Escalated, new(1, 2), 1),
        new(Probe, Closed, Refusals.Service, Healed, 1, 1),
        new(Prometheus, Crash, Refusals.Prometheus, Healed, 1, 1),
        new(Netdata, Crash, Refusals.Chat, Healed, 1, 1),
        new(Alertmanager, Certificate, Refusals.Person, Escalated, 0, 2),

        new(Kuma, Crash, Lies.NothingIsWrong, Nothing, 0, 0),
        new(Alertmanager, DnsOutage, Lies.NothingIsWrong, Nothing, 0, 0),
        new(Beszel, GuestDown, Lies.NothingIsWrongSaysAPerson, Escalated, 0, 2),
        new(Prometheus, Crash, Lies.Engine, Escalated, 3, 2),
        new(DockerEvents, Crash, Lies.EngineOnce, Healed, 2, 1),
        new(Netdata, Crash, Lies.ItIsUp, Healed, 1, 1),
        new(Json, Crash, Lies.OtherMachine, Nothing, 0, 0),
        new(DockerEvents, Crash, Lies.BackByItself, Nothing, 0, 0),
        new(Probe, Crash, Lies.MonitorSaysUp, Healed, 1, 1),

        new(Kuma, Crash, Delays.Engine, Healed, 1, 1),
        new(Alertmanager, GuestDown, Delays.Hypervisor, Healed, 1, 1),
        new(Prometheus, Crash, Delays.Prometheus, Healed, 1, 1),
        new(DockerEvents, OutOfMemory, Delays.Engine, Healed, 1, 1),
        new(Beszel, GuestMemory, Delays.Engine, Healed, 1, 2),
        new(Probe, TooSlow, Delays.Service, Healed, 1, 1),
        new(Netdata, Crash, Delays.Sender, Healed, 1, 1),
        new(Json, Crash, Delays.AnswerLost, Healed, 1, 1),

        new(Kuma, Crash, Duplicates.AtOnce, Healed, 1, 1),
        new(Kuma, Crash, Duplicates.Resent, Healed, 1, 1),
        new(Alertmanager, DnsOutage, Duplicates.PairOfTwo, Healed, 1, 1),
        new(Prometheus, Crash, Duplicates.StillFiring, Healed, 1, 1),
        new(Netdata, Memory, Duplicates.AtOnce, Healed, 1, 1),
        new(Beszel, GuestDown, Duplicates.OtherForm, Healed, 1, 1),
        new(Json, Crash, Duplicates.Afterwards, Healed, 1, 1),
        new(DockerEvents, Crash, Duplicates.EventsToldAgain, Healed, new(1, 2), 1),
        new(Probe, Crash, Duplicates.OtherSources, Healed, 1, 1),

        new(Kuma, Crash, Disorders.UpBeforeDown, Nothing, 0, 0),
        new(Netdata, Crash, Disorders.UpBeforeDown, Nothing, 0, 0),
        new(Kuma, Crash, Disorders.OldBeginningAfterTheEnd, Healed, 1, 1),
        new(Json, Crash, Disorders.OldEndBeforeNewBeginning, Healed, 1, 1),
        new(Alertmanager, Crash, Disorders.ResolvedFirstInTheGroup, Healed, 1, 1),
        new(Alertmanager, Crash, Disorders.BothInOneGroup, Nothing, 0, 0),
        new(Kuma, DnsOutage, Disorders.DependentsFirst, Healed, 1, 1),
        new(Prometheus, DnsOutage, Disorders.DependentsFirstAtOnce, Healed, 1, 1),
        new(Beszel, GuestDown, Disorders.OldHeartbeat, Healed, 1, 1),

        new(Kuma, Crash, ClockJumps.ForwardDuringTheChange, Healed, 1, 1),
        new(Beszel, GuestDown, ClockJumps.BackDuringTheChange, Healed, 1, 1),
        new(Prometheus, Crash, ClockJumps.BackDuringTheChange, Healed, 1, 1),
        new(Alertmanager, Crash, ClockJumps.ForwardDuringTheProof, Healed, 1, 1),
        new(DockerEvents, Crash, ClockJumps.BackDuringTheProof, Healed, 1, 1),
        new(Netdata, StandardCrash, ClockJumps.ForwardWhileItWaits, Healed, 1, 1),
        new(Json, StandardCrash, ClockJumps.BackWhileItWaits, Healed, 1, 1),
        new(Kuma, Crash, ClockJumps.ForwardAndAgain, Healed, 2, 2),
        new(Probe, Crash, ClockJumps.BackAndAgain, Healed, 2, 2),
        new(Alertmanager, Certificate, ClockJumps.BackDuringTheQuestion, Healed, 1, 2),
        new(Kuma, Certificate, ClockJumps.ForwardDuringTheQuestion, Escalated, 0, 2),

        new(Kuma, Crash, FullDisks.AtTheAlert, Healed, 1, 1) { Door = 503 },
        new(Alertmanager, DnsOutage, FullDisks.AtTheAlert, Healed, 1, 1) { Door = 503 },
        new(Beszel, GuestMemory, FullDisks.AtTheAlert, Healed, 1, 2) { Door = 503 },
        new(DockerEvents, Crash, FullDisks.AtTheEvent, Healed, 1, 1),
        new(Prometheus, Crash, FullDisks.AtTheEvent, Healed, 1, 1),
        new(Probe, Crash, FullDisks.AtTheEvent, Healed, 1, 1),
        new(Netdata, Crash, FullDisks.WhenItIsOpen, Healed, 1, 1),
        new(Json, Crash, FullDisks.DuringTheChange, Healed, 1, 1),

        new(Kuma, Crash, HeldStores.ForAWhileAtTheAlert, Healed, 1, 1),
        new(Alertmanager, DnsOutage, HeldStores.ForLongAtTheAlert, Healed, 1, 1) { Door = 503 },
        new(DockerEvents, Crash, HeldStores.ForLongAtTheEvent, Healed, 1, 1),
        new(Probe, Crash, HeldStores.ForAWhileAtTheAlert, Healed, 1, 1),
        new(Netdata, Crash, HeldStores.ForAWhileDuringTheChange, Healed, 1, 1),
        new(Json, Crash, HeldStores.ForLongDuringTheChange, Healed, 1, 1),
    ];

    internal static TheoryData<string> NamesOf(FaultWord word) => [.. Rows.Where(r => r.Word == word).Select(static r => r.Name)];
}
