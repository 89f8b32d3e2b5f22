namespace Homelab.Lab.Hosts;

/// <summary><c>systemctl</c> of a simulated host, as far as it changes something.</summary>
internal sealed class UnitProgram(SimulatedHost host)
{
    private const int NotFoundCode = 5;
    private const int NotActive = 3;

    internal ProgramEnd Run(string[] words, bool asRoot) => words switch
    {
        ["reboot"] when !asRoot => ProgramEnd.Fail("Call to Reboot failed: Interactive authentication required.\n"),
        ["reboot"] => Reboot(),
        ["is-active", var name] => Find(name) is { IsActive: true } ? ProgramEnd.Say("active\n") : new ProgramEnd(NotActive, $"{Find(name)?.State ?? "inactive"}\n"),
        ["restart" or "start" or "stop", _] when !asRoot => ProgramEnd.Fail($"Failed to {words[0]} {words[1]}: Interactive authentication required.\n"),
        [var verb and ("restart" or "start" or "stop"), var name] => Find(name) is { } unit ? Change(verb, unit) : ProgramEnd.Fail($"Failed to {verb} {name}: Unit {name} not found.\n", NotFoundCode),
        [var verb, ..] => ProgramEnd.Fail($"Unknown command verb '{verb}'.\n"),
        _ => ProgramEnd.Fail("Too few arguments.\n"),
    };

    private SimulatedUnit? Find(string name) => host.Units.FirstOrDefault(u => u.Name == name || u.Name == name + ".service");

    private ProgramEnd Reboot()
    {
        host.Reboot();
        return ProgramEnd.Fine;
    }

    private ProgramEnd Change(string verb, SimulatedUnit unit)
    {
        if (verb == "stop") unit.Stop(host.Time.GetUtcNow());
        else if (verb == "restart" || !unit.IsActive) host.StartUnit(unit);
        return ProgramEnd.Fine;
    }
}
