/// Contractions with what opt_einsum 3.4.0 says:
/// `contract_path(text, *shapes, shapes=True, optimize="optimal")[1].opt_cost`.
struct OptEinsumCase: Sendable, CustomStringConvertible {
  let text: String
  let sizes: String
  /// The cost of opt_einsum's path.
  let optEinsum: Double
  /// The least cost over all pairwise orders where opt_einsum misses it: its search remembers a
  /// pair's result by the labels alone, though it depends on which operands remain, and overlooks
  /// sums over a label that one operand alone has.
  let least: Double?

  init(_ text: String, _ sizes: String, _ optEinsum: Double, least: Double? = nil) {
    self.text = text
    self.sizes = sizes
    self.optEinsum = optEinsum
    self.least = least
  }

  var description: String { text }

  static let all = [
    Self("ea,fb,abcd,gc,hd->efgh", "a10 b10 c10 d10 e10 f10 g10 h10", 800000),
    Self("ij,jk,kl->il", "i2 j2 k5 l2", 56),
    Self("i,i->", "i7", 14),
    Self("i,j->ij", "i3 j4", 12),
    Self("ij,jk->ik", "i3 j4 k5", 120),
    Self("bhqd,bhkd->bhqk", "b2 h4 q16 k16 d8", 32768),
    Self("bhqd,bhkd,bhkv->bhqv", "b2 h4 q16 k32 d8 v8", 49152),
    Self("ij,ij,ij->ij", "i6 j7", 84),
    Self("ij,jk,kl,lm->im", "i30 j35 k15 l5 m10", 18750),
    Self("ab,bc,cd,de,ef,fg->ag", "a30 b35 c15 d5 e10 f20 g25", 30250),
    Self("ab,bc,cd,da->", "a4 b5 c6 d7", 616),
    Self("ab,bc,cd,de,ea->", "a3 b8 c2 d9 e4", 300),
    Self("ijk,ilm,njm,nlk->", "i2 j3 k4 l5 m6 n7", 4248),
    Self("ijk,ja,kb->iab", "i8 j9 k10 a3 b2", 3744),
    Self("ia,ib,ic,id->abcd", "i5 a2 b3 c4 d2", 550),
    Self("ir,jr,kr->ijk", "i6 j7 k8 r3", 2142),
    Self("abc,r,ar,br,cr->", "a5 b6 c7 r4", 1864),
    Self("a,b,c,d->abcd", "a2 b3 c5 d7", 239),
    Self("a,b,c,d->", "a2 b3 c5 d7", 36),
    Self(",a,->a", "a9", 10),
    Self("i,ij,j->", "i11 j13", 308),
    Self("bij,bjk,bkl,blm->bim", "b4 i2 j9 k3 l8 m2", 912),
    Self("ab,cd,ef,bdf->ace", "a2 b3 c4 d5 e6 f7", 1652),
    Self("a,b,ab,abc->c", "a5 b6 c7", 660, least: 480),
    Self("ab,bc,cd,de,ef,fg,gh,hi->ai", "a7 b3 c9 d2 e8 f4 g6 h5 i3", 674),
    Self("abc,bde,cef,dfg->ag", "a2 b3 c4 d2 e5 f3 g4", 1056),
    Self("ab,ac,ad,bc,bd,cd->", "a3 b4 c5 d6", 1020, least: 972),
    Self("ik,k,jk->ij", "i12 j13 k14", 4550, least: 4536),
    Self("ij,jk,kl,lm,mn->in", "i1 j20 k1 l20 m1 n20", 122),
    Self("abcd,efgh,bf,dh->aceg", "a2 b6 c3 d5 e2 f6 g3 h5", 6120),
    Self("ij,jk,kl->il", "i3 j0 k4 l5", 0),
    Self("b,bc,abc,a->", "a8 b5 c3", 330, least: 271),
    Self("ef,abcdgh,adef,gh,c,b->e", "a5 b3 c5 d7 e3 f6 g1 h6", 7701),
    Self("c,abde,adf,be->cf", "a7 b4 c8 d4 e4 f8", 1408),
    Self("cf,def,ab,acg,eg,abdg->", "a4 b1 c4 d3 e1 f5 g2", 376),
    Self("cef,a,dfh,bghi,b,c,adgi->ce", "a2 b2 c2 d6 e9 f7 g7 h8 i2", 3066),
    Self("e,bch,bdegi,afg,adfi->ch", "a9 b8 c5 d9 e8 f8 g7 h3 i5", 86048),
  ]
}
