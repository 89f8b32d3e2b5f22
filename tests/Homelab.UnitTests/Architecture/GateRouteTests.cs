using System.Reflection;

namespace Homelab.UnitTests.Architecture;

/// <summary>Every route by which an operation's body could run, found in the compiled code: none leads round the gate.</summary>
public sealed class GateRouteTests
{
    private static readonly string[] s_bodies = ["RunAsync", "PrepareAsync", "SettleAsync", "EnumerateAsync"];

    private static readonly string[] s_assemblies = [.. Directory.EnumerateFiles(AppContext.BaseDirectory, "Homelab.*.dll").Where(f => !Path.GetFileName(f).Contains("Tests", StringComparison.Ordinal))];

    private static readonly Type[] s_operations = [.. s_assemblies.Select(Assembly.LoadFrom).SelectMany(a => a.GetTypes()).Where(t => t is { IsAbstract: false } && typeof(Operation).IsAssignableFrom(t))];

    private static readonly HashSet<string> s_operationNames = [.. s_operations.Select(t => t.FullName!)];

    public static TheoryData<string> Operations => [.. s_operations.Select(t => t.FullName!)];

    [Fact]
    public void Only_the_gate_and_its_runner_call_the_body_of_an_operation()
    {
        Assert.True(s_assemblies.Length >= 6);
        var callers = s_assemblies.SelectMany(IlCalls.Of)
            .Where(c => s_bodies.Contains(c.Method) && (c.Type is "Homelab.IRunnableChange" or "Homelab.IRunnableQuery" || IsOperationName(c.Type)))
            .Select(c => c.CallerType)
            .Where(c => !IsOperationName(c))
            .Distinct()
            .Order();
        Assert.Equal(["Homelab.ChangeRunner", "Homelab.OperationGate"], callers);
    }

    [Fact]
    public void Only_the_gate_makes_a_runner_of_changes()
    {
        var makers = s_assemblies.SelectMany(IlCalls.Of).Where(c => c is { Type: "Homelab.ChangeRunner", Method: ".ctor" } && c.CallerType != c.Type).Select(c => c.CallerType).Distinct();
        Assert.Equal(["Homelab.OperationGate"], makers);
    }

    [Fact]
    public void Only_an_operation_itself_calls_another_part_of_its_body()
    {
        var strangers = s_assemblies.SelectMany(IlCalls.Of).Where(c => IsOperationName(c.Type) && s_bodies.Contains(c.Method) && c.CallerType != c.Type && !IsBase(c.CallerType));
        Assert.Empty(strangers);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void The_body_of_an_operation_can_be_called_by_nobody_outside_it(string operation)
    {
        var type = s_operations.Single(t => t.FullName == operation);
        var bodies = type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(m => s_bodies.Contains(m.Name)).ToArray();
        Assert.NotEmpty(bodies);
        Assert.All(bodies, body => Assert.True(body.IsFamily, $"{operation}.{body.Name} can be called from outside."));
    }

    [Fact]
    public void The_core_shows_its_inside_to_nobody() =>
        Assert.Empty(typeof(OperationGate).Assembly.GetCustomAttributes<System.Runtime.CompilerServices.InternalsVisibleToAttribute>());

    [Fact]
    public void Nothing_calls_methods_by_reflection_but_the_binder_of_inputs()
    {
        var callers = s_assemblies.SelectMany(IlCalls.Of)
            .Where(c => c is { Type: "System.Reflection.MethodBase" or "System.Reflection.MethodInfo", Method: "Invoke" })
            .Select(c => c.CallerType)
            .Distinct()
            .Order();
        Assert.Subset(new HashSet<string> { "Homelab.InputBinder", "Homelab.Configuration.Binder" }, callers.ToHashSet());
    }

    [Fact]
    public void What_changes_a_system_on_its_wire_is_called_by_operations_alone()
    {
        var providers = s_assemblies.Single(a => Path.GetFileName(a) == "Homelab.Providers.dll");
        // Each verb that a client offers and that is more than a look.
        string[] changing = ["StartAsync", "StopAsync", "RestartAsync", "KillAsync", "PauseAsync", "RemoveAsync", "DeleteAsync", "CreateAsync", "UpdateAsync"];
        var callers = IlCalls.Of(providers)
            .Where(c => c.Type.StartsWith("Homelab.Providers.", StringComparison.Ordinal) && changing.Contains(c.Method) && c.CallerType != c.Type)
            // One client that chooses between two ways to the same engine; who calls it is looked at as ever.
            .Where(c => c is not { CallerType: "Homelab.Providers.Docker.EngineContainers", Type: "Homelab.Providers.Docker.IContainerWay" })
            // A client and its own wire; and the steps of the one operation that makes a container anew, which nobody else takes.
            .Where(c => c is not { CallerType: "Homelab.Providers.Docker.ContainerMaking", Type: "Homelab.Providers.Docker.DockerWire" } and not { CallerType: "Homelab.Providers.Docker.ContainerSwap" })
            .ToArray();
        Assert.Equal(["Homelab.Providers.Docker.ResetContainer"], IlCalls.Of(providers).Where(c => c is { Type: "Homelab.Providers.Docker.ContainerSwap", Method: ".ctor" } && c.CallerType != c.Type).Select(c => c.CallerType).Distinct());
        Assert.NotEmpty(callers);
        Assert.All(callers, c => Assert.True(IsOperationName(c.CallerType), $"{c.CallerType}.{c.CallerMethod} calls {c.Type}.{c.Method}"));
    }

    [Fact]
    public void Nothing_of_a_wire_can_be_called_from_outside_the_providers()
    {
        var offered =
            from type in Assembly.Load("Homelab.Providers").GetExportedTypes()
            where !typeof(Operation).IsAssignableFrom(type) && !typeof(INotifier).IsAssignableFrom(type)
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where typeof(Task).IsAssignableFrom(method.ReturnType) || IsStream(method.ReturnType)
            // The looks of a provider at its own connections: they only read, and run without a gate because they tell whether one can work at all.
            where !(typeof(Provider).IsAssignableFrom(type) && method.Name == nameof(Provider.CheckAsync))
            select $"{type.Name}.{method.Name}";
        // Asks sockets of this machine for their version, for whoever has no lab, and so no gate, yet.
        Assert.Equal(["DockerSockets.FindAsync"], offered);
    }

    private static bool IsStream(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);

    private static bool IsOperationName(string type) => s_operationNames.Contains(type) || IsBase(type);

    private static bool IsBase(string type) => type is "Homelab.Change`2" or "Homelab.Query`2";
}
