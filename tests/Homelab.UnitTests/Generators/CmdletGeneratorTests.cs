using Homelab.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Homelab.UnitTests.Generators;

/// <summary>What a line of the cmdlets' table becomes.</summary>
public sealed class CmdletGeneratorTests
{
    private const string Operations = """
        using System;
        using System.Collections.Generic;
        using System.ComponentModel;
        using System.Threading;
        using System.Threading.Tasks;
        using Homelab;
        using Homelab.PowerShell;

        namespace Homelab.PowerShell
        {
            [AttributeUsage(AttributeTargets.Class)]
            internal sealed class CmdletForAttribute<T>(string verb, string noun) : Attribute { public string Verb => verb; public string Noun => noun; }
        }

        namespace Sample
        {
            [Operation("sample_resize_thing", Level.Manage, Risk.Destroy)]
            [Description("Resizes a thing.")]
            public sealed class ResizeThing : Change<ResizeThing.Input, Homelab.Container>
            {
                public sealed record Input
                {
                    [Subject, Description("The thing.")] public required ContainerRef Container { get; init; }
                    [NameOf("host"), Description("Its host.")] public string? Host { get; init; }
                    [Bytes, Description("Its size.")] public required long Size { get; init; }
                    [Description("How long.")] public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);
                    [Description("How many.")] public int Count { get; init; } = 1;
                    [Description("Its state.")] public ContainerState? State { get; init; }
                    [Description("Its password.")] public SecretReference? Password { get; init; }
                    [Description("At once.")] public bool Now { get; init; }
                    [Description("Its labels.")] public IReadOnlyList<string> Label { get; init; } = [];
                    public string Computed => "";
                }

                public override Intent Describe(Input input) => new("Resize", Target.Lab);
                protected override Task<Homelab.Container> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken) => throw new NotSupportedException();
            }

            [Operation("sample_list_things", Level.Monitor, Risk.Read)]
            [Description("Lists things.")]
            public sealed class ListThings : Query<ListThings.Input, Homelab.Container>
            {
                public sealed record Input { [Subject, NameOf("container"), Description("The name.")] public string? Name { get; init; } }
                protected override async IAsyncEnumerable<Homelab.Container> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken) { await Task.Yield(); yield break; }
            }

            [Operation("sample_check_things", Level.Monitor, Risk.Read)]
            [Description("Checks things.")]
            public sealed class CheckThings : Query<CheckThings.Input, Homelab.ProbeResult>
            {
                public sealed record Input { [Subject, Description("The things.")] public IReadOnlyList<string> Thing { get; init; } = []; }
                protected override async IAsyncEnumerable<Homelab.ProbeResult> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken) { await Task.Yield(); yield break; }
            }

            [CmdletFor<CheckThings>("Test", "HlThing")] public sealed partial class TestHlThingCommand;
            [CmdletFor<ResizeThing>("Resize", "HlThing")] public sealed partial class ResizeHlThingCommand;
            [CmdletFor<ListThings>("Get", "HlThing")] public sealed partial class GetHlThingCommand;
        }
        """;

    [Theory]
    [InlineData("[Sma.Cmdlet(\"Resize\", \"HlThing\", SupportsShouldProcess = true, ConfirmImpact = Sma.ConfirmImpact.High)]")]
    [InlineData("[Sma.OutputType(typeof(global::Homelab.Container))]")]
    [InlineData("partial class ResizeHlThingCommand : global::Homelab.PowerShell.Operations.ChangeCmdlet")]
    [InlineData("[Sma.Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] [Sma.Alias(\"Name\")] [Sma.ValidateNotNullOrEmpty] [Own.Binding.ReferenceTransformation] [Sma.ArgumentCompleter(typeof(Own.Completion.ContainerNameCompleter))] public global::Homelab.ContainerRef Container { get; set; } = default!;")]
    [InlineData("[Sma.Parameter(ValueFromPipelineByPropertyName = true)] [Sma.Alias(\"HostName\")] [Sma.ArgumentCompleter(typeof(Own.Completion.HostNameCompleter))] public new string? Host { get; set; }")]
    [InlineData("[Sma.Parameter(Mandatory = true, Position = 1)] [Own.Binding.BytesTransformation] public long Size { get; set; } = default!;")]
    [InlineData("[Own.Binding.DurationTransformation] public global::System.TimeSpan? Timeout { get; set; }")]
    [InlineData("[Sma.Parameter()] public int? Count { get; set; }")]
    [InlineData("[Sma.Parameter()] public global::Homelab.ContainerState? State { get; set; }")]
    [InlineData("[Sma.Parameter()] public Sma.SwitchParameter Now { get; set; }")]
    [InlineData("[Sma.Parameter()] [Own.Binding.SecretTransformation] public global::Homelab.SecretReference? Password { get; set; }")]
    [InlineData("[Sma.Parameter()] public string[]? Label { get; set; }")]
    [InlineData("public Sma.SwitchParameter PassThru { get; set; }")]
    [InlineData("private protected override string OperationName => \"sample_resize_thing\";")]
    [InlineData("var input = new global::Sample.ResizeThing.Input { Container = Container, Size = Size };")]
    [InlineData("if (Timeout is not null) input = input with { Timeout = Timeout.Value };")]
    [InlineData("if (Now.IsPresent) input = input with { Now = Now.ToBool() };")]
    [InlineData("if (Label is not null) input = input with { Label = Label };")]
    public void A_change_becomes_a_cmdlet_that_asks(string expected) => Assert.Contains(expected, Short("ResizeHlThingCommand.g.cs"), StringComparison.Ordinal);

    [Fact]
    public void What_is_computed_is_no_parameter() => Assert.DoesNotContain("Computed", Short("ResizeHlThingCommand.g.cs"), StringComparison.Ordinal);

    [Theory]
    [InlineData("[Sma.Cmdlet(\"Get\", \"HlThing\")]")]
    [InlineData(": global::Homelab.PowerShell.Operations.QueryCmdlet")]
    [InlineData("[Sma.SupportsWildcards] public string? Name { get; set; }")]
    public void A_query_becomes_a_cmdlet_that_looks(string expected) => Assert.Contains(expected, Short("GetHlThingCommand.g.cs"), StringComparison.Ordinal);

    [Fact]
    public void A_query_returns_what_it_finds_without_being_asked_to() => Assert.DoesNotContain("PassThru", Short("GetHlThingCommand.g.cs"), StringComparison.Ordinal);

    [Theory]
    [InlineData("[Sma.OutputType(typeof(global::Homelab.ProbeResult), typeof(bool))]")]
    [InlineData("[Sma.Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)] [Sma.Alias(\"Name\")] public string[]? Thing { get; set; }")]
    [InlineData("[Sma.Parameter] public Sma.SwitchParameter Quiet { get; set; }")]
    [InlineData("private protected override bool IsQuiet => Quiet;")]
    public void A_query_that_tests_and_judges_can_be_asked_for_true_or_false_alone(string expected) => Assert.Contains(expected, Short("TestHlThingCommand.g.cs"), StringComparison.Ordinal);

    [Fact]
    public void A_query_that_does_not_test_has_no_verdict_alone() => Assert.DoesNotContain("Quiet", Short("GetHlThingCommand.g.cs"), StringComparison.Ordinal);

    [Fact]
    public void Every_cmdlet_is_listed_with_its_operation()
    {
        var names = Short("OperationCmdlets.g.cs");
        Assert.Contains("[\"Resize-HlThing\"] = \"sample_resize_thing\",", names, StringComparison.Ordinal);
        Assert.Contains("[\"Get-HlThing\"] = \"sample_list_things\",", names, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_elsewhere_generates_nothing_anew()
    {
        var compilation = Compile(Operations);
        var driver = Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        var result = driver.RunGenerators(compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Other;", cancellationToken: TestContext.Current.CancellationToken)), TestContext.Current.CancellationToken).GetRunResult().Results[0];

        var outputs = result.TrackedOutputSteps.SelectMany(s => s.Value).SelectMany(s => s.Outputs).Select(o => o.Reason).ToList();
        Assert.NotEmpty(outputs);
        Assert.All(outputs, reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void Records_enumerations_and_exceptions_of_the_core_are_forwarded_and_nothing_else()
    {
        var driver = CSharpGeneratorDriver.Create(new TypeForwardGenerator()).RunGenerators(Compile(""), TestContext.Current.CancellationToken);
        var forwards = driver.GetRunResult().GeneratedTrees.Single().ToString();

        Assert.Contains("TypeForwardedTo(typeof(global::Homelab.Container))", forwards, StringComparison.Ordinal);
        Assert.Contains("TypeForwardedTo(typeof(global::Homelab.ContainerRef))", forwards, StringComparison.Ordinal);
        Assert.Contains("TypeForwardedTo(typeof(global::Homelab.ContainerState))", forwards, StringComparison.Ordinal);
        Assert.Contains("TypeForwardedTo(typeof(global::Homelab.HomelabException))", forwards, StringComparison.Ordinal);
        Assert.DoesNotContain("OperationGate", forwards, StringComparison.Ordinal);
    }

    private static string Short(string file)
    {
        var driver = Driver().RunGenerators(Compile(Operations), TestContext.Current.CancellationToken);
        var code = driver.GetRunResult().GeneratedTrees.Single(t => t.FilePath.EndsWith(file, StringComparison.Ordinal)).ToString();
        var lines = code.Split('\n').Select(static l => l.Trim()).Where(static l => l.Length > 0 && !l.StartsWith("///", StringComparison.Ordinal));
        return string.Join(' ', lines).Replace("global::System.Management.Automation.", "Sma.", StringComparison.Ordinal).Replace("global::Homelab.PowerShell.Binding", "Own.Binding", StringComparison.Ordinal)
            .Replace("global::Homelab.PowerShell.Completion", "Own.Completion", StringComparison.Ordinal);
    }

    private static CSharpGeneratorDriver Driver() =>
        CSharpGeneratorDriver.Create([new CmdletGenerator().AsSourceGenerator()], driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private static CSharpCompilation Compile(string source)
    {
        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(static f => Path.GetFileName(f).StartsWith("System.", StringComparison.Ordinal) || f.EndsWith("netstandard.dll", StringComparison.Ordinal));
        var references = framework.Append(typeof(Operation).Assembly.Location).Select(static f => MetadataReference.CreateFromFile(f));
        return CSharpCompilation.Create("Sample", [CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
    }
}
