using System.Text.RegularExpressions;
using Homelab.Composition.Procedures;
using Homelab.Configuration;
using Homelab.Tests;

namespace Homelab.UnitTests.Composition.Procedures;

/// <summary>Procedures: the shipped ones are true, the lab's own win, and one with mistakes takes no other with it.</summary>
public sealed partial class ProcedureTests : IDisposable
{
    private const string Sound = "---\nname: restart-order\ntitle: Order\nsummary: What comes first.\n---\n\n# Order\n\n1. The database.\n\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("hl-sop-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_operation_that_a_shipped_procedure_names_is_in_the_catalog()
    {
        var shipped = new ProcedureShelf(_folder).Read();
        Assert.Equal(["change-with-approval", "deploy-a-service", "incident-response", "placement", "resource-allocation"], shipped.Select(static p => p.Procedure.Name));
        Assert.All(shipped, static p => Assert.True(p.IsSound, p.Procedure.Problem));
        foreach (var procedure in shipped.Select(static p => p.Procedure))
        {
            var named = procedure.Lines.SelectMany(static l => NamePattern().Matches(l)).Select(static m => m.Value).Distinct(StringComparer.Ordinal).ToArray();
            Assert.True(named.Length >= 5, $"{procedure.Name} names {named.Length} operations.");
            Assert.All(named, n => Assert.True(CatalogBench.Catalog.TryFind(n, out _), $"{procedure.Name} names {n}, which is no operation."));
            // Cut off by no answer of any face.
            Assert.All(procedure.Lines, static l => Assert.True(ForeignText.IsClean(l) && l.Length <= 1_000, l));
        }
    }

    [Fact]
    public async Task The_list_has_no_texts_and_a_name_or_a_pattern_has()
    {
        Write("restart-order.md", Sound);
        Write("placement.md", "---\nname: placement\ntitle: Ours\nsummary: Where we put things.\n---\ntext\n");
        Write("notes.txt", "no procedure");
        var list = await AskAsync(null);
        Assert.Equal(6, list.Count);
        Assert.All(list, static p => Assert.Empty(p.Lines));
        var own = Assert.Single(await AskAsync("Restart-Order"));
        Assert.Equal(("restart-order", "Order", "What comes first.", ProcedureOrigin.Lab), (own.Name, own.Title, own.Summary, own.Origin));
        Assert.Equal(["# Order", "", "1. The database."], own.Lines);
        Assert.Equal(("Ours", ProcedureOrigin.Lab), (Assert.Single(await AskAsync("pla*")).Title, list.Single(static p => p.Name == "placement").Origin));
        Assert.Empty(await AskAsync("nothing*"));
        var missing = await Assert.ThrowsAsync<HomelabException>(() => AskAsync("placment"));
        Assert.Equal(("ProcedureNotFound", ErrorKind.NotFound), (missing.Id, missing.Kind));
        Assert.Contains("Did you mean 'placement'?", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text\n", "bad.md:1:1: (file) has no front matter. Begin it with")]
    [InlineData("---\nname: bad\ntitle: T\nsummary: S.\ntext\n", "has no front matter")]
    [InlineData("---\nname: bad\ntitle: T\nsummary: S.\n---\n\n \n", "has no text")]
    [InlineData("---\n- bad\n---\ntext\n", "bad.md:2:1: (file) has a front matter that is no mapping")]
    [InlineData("---\nname: bad\ntitle: [\n---\ntext\n", "bad.md:")]
    [InlineData("---\nname: bad\ntitel: T\nsummary: S.\n---\ntext\n", "bad.md:3:1: titel is not a key here. Did you mean 'title'?")]
    [InlineData("---\nname: good\ntitle: T\nsummary: S.\n---\ntext\n", "bad.md:2:7: name is 'good', and the file is 'bad'")]
    [InlineData("---\nname: bad\ntitle: T\n---\ntext\n", "summary is missing")]
    [InlineData("---\nname: bad\ntitle: T\nsummary: S.\n---\n\u0000\n", "U+0000")]
    public async Task One_with_mistakes_is_named_with_its_place_and_the_others_work(string text, string says)
    {
        Write("bad.md", text);
        Write("restart-order.md", Sound);
        Assert.Contains(says, (await AskAsync(null)).Single(static p => p.Name == "bad").Problem, StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<HomelabException>(() => AskAsync("bad"));
        Assert.Equal("ProcedureInvalid", refusal.Id);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.Single(await AskAsync("restart-order"));
    }

    [Fact]
    public async Task One_that_no_answer_could_hold_is_a_mistake()
    {
        var head = "---\nname: long\ntitle: T\nsummary: S.\n---\n";
        Write("long.md", head + string.Concat(Enumerable.Repeat("line\n", ProcedureReader.MostLines)));
        Assert.Equal(ProcedureReader.MostLines, Assert.Single(await AskAsync("long")).Lines.Count);
        Write("long.md", head + string.Concat(Enumerable.Repeat("line\n", ProcedureReader.MostLines + 1)));
        Assert.Contains("long.md:106:1: (file) has 101 lines, more than 100", (await AskAsync("lon*"))[0].Problem, StringComparison.Ordinal);
        Write("long.md", head + new string('x', 1_001));
        Assert.Contains("a line of more than 1000 characters", (await AskAsync("lon*"))[0].Problem, StringComparison.Ordinal);
        Write("long.md", head + string.Concat(Enumerable.Repeat(new string('x', 900) + "\n", 40)));
        Assert.Contains("more than 30000 characters", (await AskAsync("lon*"))[0].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_replaces_a_shipped_one_and_has_mistakes_is_not_silently_the_shipped_one()
    {
        Write("placement.md", "no front matter");
        Assert.Equal("ProcedureInvalid", (await Assert.ThrowsAsync<HomelabException>(() => AskAsync("placement"))).Id);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<IReadOnlyList<Procedure>> AskAsync(string? name) => new QueryDesk().AskAsync<Procedure>([new ReadProcedures(new ProcedureShelf(_folder))], "sop_get", new { name }, Cancellation);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "procedures"));
        File.WriteAllText(Path.Combine(_folder, "procedures", name), text);
    }

    [GeneratedRegex("[a-z][a-z0-9]*(_[a-z0-9]+)+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex NamePattern();
}
