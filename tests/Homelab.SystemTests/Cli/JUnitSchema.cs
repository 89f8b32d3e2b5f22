using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;

namespace Homelab.SystemTests.Cli;

/// <summary>What those who read JUnit reports agree on: the schema that Jenkins publishes, as far as we write it, and counts that are those of the cases.</summary>
internal static class JUnitSchema
{
    private const string Schema = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified" attributeFormDefault="unqualified">
          <xs:attributeGroup name="counts">
            <xs:attribute name="name" type="xs:string" use="required"/>
            <xs:attribute name="tests" type="xs:nonNegativeInteger" use="required"/>
            <xs:attribute name="failures" type="xs:nonNegativeInteger" use="required"/>
            <xs:attribute name="errors" type="xs:nonNegativeInteger" use="required"/>
            <xs:attribute name="skipped" type="xs:nonNegativeInteger" use="required"/>
            <xs:attribute name="time" type="xs:decimal"/>
          </xs:attributeGroup>
          <xs:complexType name="told">
            <xs:simpleContent><xs:extension base="xs:string"><xs:attribute name="message" type="xs:string"/><xs:attribute name="type" type="xs:string"/></xs:extension></xs:simpleContent>
          </xs:complexType>
          <xs:element name="testsuites">
            <xs:complexType>
              <xs:sequence>
                <xs:element name="testsuite" minOccurs="0" maxOccurs="unbounded">
                  <xs:complexType>
                    <xs:sequence>
                      <xs:element name="testcase" minOccurs="0" maxOccurs="unbounded">
                        <xs:complexType>
                          <xs:choice minOccurs="0">
                            <xs:element name="skipped" type="told"/>
                            <xs:element name="failure" type="told"/>
                            <xs:element name="error" type="told"/>
                            <xs:element name="system-out" type="xs:string"/>
                          </xs:choice>
                          <xs:attribute name="name" type="xs:string" use="required"/>
                          <xs:attribute name="classname" type="xs:string" use="required"/>
                          <xs:attribute name="time" type="xs:decimal"/>
                        </xs:complexType>
                      </xs:element>
                    </xs:sequence>
                    <xs:attributeGroup ref="counts"/>
                  </xs:complexType>
                </xs:element>
              </xs:sequence>
              <xs:attributeGroup ref="counts"/>
            </xs:complexType>
          </xs:element>
        </xs:schema>
        """;

    internal static void AssertValid(XDocument report)
    {
        var schemas = new XmlSchemaSet();
        using var text = XmlReader.Create(new StringReader(Schema));
        schemas.Add(null, text);
        var problems = new List<string>();
        report.Validate(schemas, (_, e) => problems.Add(e.Message));
        Assert.Empty(problems);
        foreach (var counted in report.Root!.DescendantsAndSelf().Where(static e => e.Name.LocalName is "testsuites" or "testsuite"))
        {
            Assert.Equal(counted.Descendants("testcase").Count(), (int)counted.Attribute("tests")!);
            Assert.Equal(counted.Descendants("failure").Count(), (int)counted.Attribute("failures")!);
            Assert.Equal(counted.Descendants("skipped").Count(), (int)counted.Attribute("skipped")!);
        }
    }
}
