#!/usr/bin/perl
package Shape;
#       ^ definition.module
use strict;
use warnings;
use parent 'Base';
#           ^ import
#           ^ reference.class
use List::Util qw(sum max);
#   ^ import
use Scalar::Util 'blessed';
#   ^ import blessed
require Other::Module;
#       ^ import
#       ^ reference.identifier
require "file.pl";
#        ^ import
our $VERSION = '1.0';
#    ^ definition.variable
our @EXPORT_OK = qw(area);
#    ^ definition.variable
use constant LIMIT => 10;
#            ^ definition.constant
use constant { RED => 1, GREEN => 2 };
#              ^ definition.constant
#                        ^ definition.constant
my $counter = 0;

# Makes one.
sub new {
#   ^ definition.function
#   ^ doc Makes one.
    my ($class, %args) = @_;
    my $self = bless {}, $class;
    $self->init(width => 1);
#          ^ reference.call new
    return $self;
}
sub area { my $s = shift; return helper($s->{width}) * LIMIT; }
#   ^ definition.function
#                                ^ reference.call area
#                                                      ^ reference.identifier area
sub _hidden;
package Circle { sub draw { Shape->new(1); Shape::area(2); &area(3); } }
#       ^ definition.module
#                    ^ definition.function Circle
#                           ^ reference.class Circle.draw
#                                  ^ reference.call Circle.draw
#                                          ^ reference.call Circle.draw
#                                                           ^ reference.call Circle.draw
my $code = \&area;
#            ^ reference.call
has name => (is => 'ro');
#   ^ definition.field
1;
